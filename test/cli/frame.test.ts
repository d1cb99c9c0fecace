import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aideploy, MINIMAL, project, ROOT, read } from './run.ts';

/** What every command promises, whatever it does. */
describe('exit codes and errors', () => {
  const table: [string, string[], number, RegExp][] = [
    ['an unknown command', ['rendr'], 2, /unknown command 'rendr'[\s\S]*render/],
    ['an unknown flag', ['render', '--dry-rnu'], 2, /unknown option '--dry-rnu'[\s\S]*--dry-run/],
    ['no configuration', ['render'], 2, /aideploy\.yaml: no such file[\s\S]*aideploy init/],
    ['a format that is not known', ['render', '--format', 'xml'], 2, /--format xml: render knows text, json/],
    ['a target that is not known', ['render', 'dockr'], 2, /no target "dockr"; did you mean docker\?/],
    ['an environment that is not there', ['render', '-e', 'stagin'], 2, /no environment "stagin"/],
    ['a moving tag', ['render', '--tag', 'latest'], 2, /--tag latest/],
    ['a project that is not there', ['render', '-C', 'nowhere'], 2, /--cwd nowhere: there is no folder \//],
    ['a folder to read that is not there', ['init', 'nowhere'], 2, /nowhere: there is no folder \//],
    ['a folder as the configuration', ['render', '-f', '.'], 2, /^aideploy: \.: a folder, where/],
    [
      'results in a missing folder',
      ['schema', '--output', 'no/x.json'],
      2,
      /--output no\/x\.json: there is no/,
    ],
  ];
  it.each(table)('%s', async (name, args, code, message) => {
    const folder = await project(name === 'no configuration' ? {} : { 'aideploy.yaml': MINIMAL });
    const answer = await aideploy(args, { cwd: folder });
    expect(answer.code).toBe(code);
    expect(answer.stderr).toMatch(message);
    expect(answer.stdout).toBe('');
    expect(answer.stderr).not.toMatch(/^\s+at /m);
  });

  it('says where a mistake stands, in text and as JSON', async () => {
    const folder = await project({ 'aideploy.yaml': MINIMAL.replace('port: 3000', 'prot: 3000') });
    const text = await aideploy(['render'], { cwd: folder });
    expect(text.code).toBe(2);
    expect(text.stderr).toContain(
      'aideploy.yaml:7:5: services.api.prot: unknown key "prot"; did you mean "port"?',
    );
    const json = await aideploy(['render', '--format', 'json'], { cwd: folder });
    expect(json.code).toBe(2);
    const document = JSON.parse(json.stdout);
    expect(document.version).toBe(1);
    expect(document.error).toMatchObject({
      exitCode: 2,
      problems: [{ line: 7, column: 5, path: ['services', 'api', 'prot'] }],
    });
  });

  it('takes the flags of every command before and after its name', async () => {
    const folder = await project({ 'conf/ai.yaml': MINIMAL });
    const before = await aideploy(['-C', folder, '-f', 'conf/ai.yaml', 'render', '--dry-run']);
    const after = await aideploy(['render', '--dry-run', '-C', folder, '-f', 'conf/ai.yaml']);
    expect(before.code).toBe(0);
    expect(before).toEqual(after);
  });

  it('writes results to a file when it is told to', async () => {
    const folder = await project({ 'aideploy.yaml': MINIMAL });
    const answer = await aideploy(['render', '--dry-run', '--format', 'json', '--output', 'plan.json'], {
      cwd: folder,
    });
    expect(answer).toMatchObject({ code: 0, stdout: '' });
    expect(JSON.parse(await read(folder, 'plan.json')).drift).toBe(true);
  });
});

describe('where results go', () => {
  const script = (pipe: string) =>
    new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
      const child = spawn('bash', ['-c', `set -o pipefail; "$0" bin/aideploy.js ${pipe}`, process.execPath], {
        cwd: ROOT,
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', chunk => (stderr += chunk));
      child.on('error', reject).on('close', code => resolve({ code, stderr }));
    });

  it('lets a reader leave early', async () => {
    expect(await script('schema | true')).toEqual({ code: 0, stderr: '' });
  });

  it.runIf(existsSync('/dev/full'))('says that a disk is full', async () => {
    const { code, stderr } = await script('schema > /dev/full');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^aideploy: the results cannot be written: .*no space left.*\n$/);
  });

  it('puts the document of an error where the results would have gone', async () => {
    const folder = await project({ 'aideploy.yaml': MINIMAL, 'plan.json': '{"drift": false}' });
    const args = ['render', 'dockr', '--format', 'json', '--output', 'plan.json'];
    expect(await aideploy(args, { cwd: folder })).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(await read(folder, 'plan.json'))).toMatchObject({ version: 1, error: { exitCode: 2 } });
  });

  it('answers JSON even where no command was given', async () => {
    const { code, stdout } = await aideploy(['--format', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.problems).toEqual([{ message: 'a command is missing' }]);
  });
});

describe('help and version', () => {
  it('read no configuration and have no effect', async () => {
    const folder = await project({ 'aideploy.yaml': ': broken [' });
    for (const args of [['--help'], ['--version'], ['render', '--help'], ['help', 'init']]) {
      const answer = await aideploy(args, { cwd: folder });
      expect(answer.code, args.join(' ')).toBe(0);
      expect(answer.stderr).toBe('');
      expect(answer.stdout).not.toBe('');
    }
  });

  it('name every command that is built, and no other', async () => {
    const { stdout } = await aideploy(['--help']);
    const names = [...stdout.matchAll(/^ {2}([a-z]+) (?!.*display help)/gm)].map(match => match[1]);
    expect(names).toEqual([
      'init',
      'render',
      'check',
      'explain',
      'verify',
      'deploy',
      'rollback',
      'releases',
      'demo',
      'doctor',
      'schema',
      'completion',
    ]);
  });
});
