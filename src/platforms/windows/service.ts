import { command } from '../../exec/command.ts';
import type { Limits } from '../../exec/run.ts';
import type { Answer } from '../answer.ts';
import { type Machine, obstacleOf } from '../machine.ts';

interface WindowsService {
  /** Such as RUNNING, in every language of Windows. */
  readonly state: string;
  readonly exitCode: number;
  readonly automatic: boolean;
}

/** https://learn.microsoft.com/windows/win32/debug/system-error-codes--1000-1299-: ERROR_SERVICE_DOES_NOT_EXIST */
const NO_SUCH_SERVICE = 1060;
const STATES = [
  '',
  'STOPPED',
  'START_PENDING',
  'STOP_PENDING',
  'RUNNING',
  'CONTINUE_PENDING',
  'PAUSE_PENDING',
  'PAUSED',
];
/** SERVICE_AUTO_START, which START_TYPE is written with. */
const AUTO_START = '2';

/** A service as the service control manager has it; undefined where there is none. */
export async function queryService(
  machine: Machine,
  name: string,
  limits: Limits,
): Promise<Answer<WindowsService | undefined>> {
  const queried = await machine.run(command('sc.exe', 'query', name), limits);
  const obstacle = obstacleOf(machine, 'sc.exe', queried);
  if (obstacle) return { obstacle };
  if (queried.exitCode === NO_SUCH_SERVICE || queried.stdout.includes(` ${NO_SUCH_SERVICE}:`))
    return { value: undefined };
  // Labels are translated, numbers are not: the state is the one that is followed by its name.
  const [, state = ''] =
    /:\s*([1-7])\s+(?:[A-Z_]+)\s*$/m.exec(queried.stdout.replace(/^[^:]*:\s*\d+\s+WIN32\w*.*$/gm, '')) ?? [];
  if (queried.status !== 'ok' || state === '')
    return {
      obstacle: {
        why: `sc.exe on ${machine.name}: ${queried.stdout.trim().split('\n')[0] || queried.message}`,
        next: `run sc.exe query ${name} there`,
      },
    };
  const config = await machine.run(command('sc.exe', 'qc', name), limits);
  const [exit = '0'] = /\d+\s+\(0x[0-9a-f]+\)/i.exec(queried.stdout) ?? [];
  return {
    value: {
      state: STATES[Number(state)] ?? state,
      exitCode: Number.parseInt(exit, 10),
      automatic: new RegExp(`:\\s*${AUTO_START}\\s+AUTO_START`).test(config.stdout),
    },
  };
}

/** Running, Ready, Disabled: PowerShell's names, which are not translated. */
export async function taskState(
  machine: Machine,
  folder: string,
  name: string,
  limits: Limits,
): Promise<Answer<string | undefined>> {
  const script = `(Get-ScheduledTask -TaskPath '${folder}' -TaskName '${name}' -ErrorAction SilentlyContinue).State`;
  const outcome = await machine.run(
    command('powershell.exe', '-NoProfile', '-NonInteractive', '-Command', script),
    limits,
  );
  const obstacle = obstacleOf(machine, 'powershell.exe', outcome);
  if (obstacle) return { obstacle };
  const state = outcome.stdout.trim();
  return { value: state === '' ? undefined : state };
}
