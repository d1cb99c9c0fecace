import { describe, expect, test } from 'vitest';
import { factsIn } from './facts.ts';

const SERVICE = `@echo off
set "NSSM=C:\\tools\\nssm.exe"
"%NSSM%" install api "C:\\Api\\api.exe" --serve
"%NSSM%" set api AppEnvironmentExtra ^
  "PORT=8080" ^
  "LOG_LEVEL=%LEVEL%" >nul
"%NSSM%" set api AppStopMethodConsole 20000
"%NSSM%" set api AppExit Default Restart
sc.exe config api obj= "NT SERVICE\\api" >nul
`;

const TASK = `$action = New-ScheduledTaskAction -Execute "C:\\Program Files\\Api\\api.exe" -Argument '--port 8080'
Register-ScheduledTask -TaskName 'Api' -Action $action -Trigger (New-ScheduledTaskTrigger -AtStartup) -User 'SYSTEM'
Register-ScheduledTask -TaskName 'Nightly' -Action $action -Trigger (New-ScheduledTaskTrigger -Daily -At 3am)
`;

const facts = (kind: string) => factsIn({ 'service.cmd': SERVICE, 'task.ps1': TASK }, kind);

describe('what runs on Windows', () => {
  test.each([
    [
      'command',
      [
        { words: ['C:\\Api\\api.exe', '--serve'], shell: false },
        { words: ['C:\\Program Files\\Api\\api.exe', '--port', '8080'], shell: false },
      ],
    ],
    ['env', [{ name: 'PORT', value: '8080' }, { name: 'LOG_LEVEL' }]],
    ['user', [{ name: 'NT SERVICE\\api' }, { name: 'SYSTEM' }]],
    ['stop.budget', [23_000]],
    ['restart', ['always']],
    ['run.limit', [72 * 3_600_000]],
    ['env.unseen', [{ from: 'the machine' }]],
  ])('%s', async (kind, expected) => {
    expect(await facts(kind)).toEqual(expected);
  });

  test('without a word about the stop NSSM waits for three ways to ask', async () => {
    expect(await factsIn({ 'a.cmd': '@echo off\nnssm install api C:\\api.exe\n' }, 'stop.budget')).toEqual([
      4_500,
    ]);
  });

  test('variables of the machine and other scripts may bring more', async () => {
    const script = '@echo off\nnssm install api C:\\api.exe\nsetx PORT 80 /M\ncall more.cmd api\n';
    expect(await factsIn({ 'a.cmd': script }, 'env.unseen')).toEqual([
      { from: 'the machine' },
      { from: 'another script' },
    ]);
  });
});
