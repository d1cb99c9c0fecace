import { afterEach, expect, it, vi } from 'vitest';
import { look, told } from './look.ts';
import { type Saying, tools } from './tools.ts';

const config = (as: 'nssm' | 'task') => ({
  version: 1,
  name: 'chat',
  services: { api: { language: 'go', port: 8080, health: { live: '/live', ready: '/ready' } } },
  targets: { windows: { as } },
});
afterEach(() => vi.unstubAllEnvs());

/** As sc.exe writes it: https://learn.microsoft.com/windows-server/administration/windows-commands/sc-query */
const query = (state: string, exit = 0, labels = ['TYPE', 'STATE', 'WIN32_EXIT_CODE']): Saying => ({
  asked: /^query chat$/,
  stdout: `\r\nSERVICE_NAME: chat \r\n        ${labels[0]}               : 10  WIN32_OWN_PROCESS  \r\n        ${labels[1]}              : ${state} \r\n                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)\r\n        ${labels[2]}    : ${exit}  (0x${exit.toString(16)})\r\n`,
});
const qc = (start: string): Saying => ({
  asked: /^qc chat$/,
  stdout: `        START_TYPE         : ${start}\r\n`,
});
const ASKED = { platform: 'windows' as const };

it.each<[string, readonly Saying[], RegExp]>([
  ['runs', [query('4  RUNNING'), qc('2   AUTO_START')], /^pass$/],
  [
    'runs, on a German Windows',
    [query('4  RUNNING', 0, ['TYP', 'STATUS', 'WIN32_EXIT_CODE']), qc('2   AUTO_START')],
    /^pass$/,
  ],
  ['is stopped', [query('1  STOPPED', 1067), qc('2   AUTO_START')], /^fail: chat is STOPPED, exit code 1067/],
  [
    'is paused by NSSM, which restarts it',
    [query('7  PAUSED'), qc('2   AUTO_START')],
    /^fail: chat is PAUSED/,
  ],
  [
    'does not start with Windows',
    [query('4  RUNNING'), qc('3   DEMAND_START')],
    /^fail: chat runs, but does not start with Windows/,
  ],
  [
    'is not there',
    [
      {
        asked: /^query/,
        stdout:
          '[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n\r\nThe specified service does not exist as an installed service.\r\n',
        code: 36,
      },
    ],
    /^fail: there is no service chat/,
  ],
  [
    'may not be asked for',
    [{ asked: /^query/, stdout: '[SC] OpenSCManager FAILED 5:\r\n\r\nAccess is denied.\r\n', code: 5 }],
    /^error: sc\.exe on this machine: \[SC\] OpenSCManager FAILED 5/,
  ],
])('a service that %s', async (_, sayings, seen) => {
  await tools({ 'sc.exe': sayings });
  expect(
    told(await look({ config: config('nssm'), flags: ASKED, only: ['windows-service'] }))[
      'windows-service/chat'
    ],
  ).toMatch(seen);
});

it.each<[string, RegExp]>([
  ['Running\r\n', /^pass$/],
  ['Ready\r\n', /^fail: \\chat\\chat is Ready/],
  ['', /^fail: there is no task \\chat\\chat/],
])('a task whose state is %j', async (stdout, seen) => {
  await tools({
    'powershell.exe': [{ asked: /Get-ScheduledTask -TaskPath '\\chat\\' -TaskName 'chat'/, stdout }],
  });
  expect(
    told(await look({ config: config('task'), flags: ASKED, only: ['windows-service'] }))[
      'windows-service/chat'
    ],
  ).toMatch(seen);
});

it('is an error of the observer on another system', async () => {
  const results = told(await look({ config: config('nssm'), flags: ASKED, only: ['windows-service'] }));
  expect(results['windows-service/chat']).toMatch(/^error: sc\.exe is not installed on this machine/);
});
