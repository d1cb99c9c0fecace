import { describe, expect, it } from 'vitest';
import { aideploy, MINIMAL, project } from './run.ts';

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
    const { read } = await import('./run.ts');
    expect(JSON.parse(await read(folder, 'plan.json')).drift).toBe(true);
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
    expect(names).toEqual(['init', 'render', 'demo', 'doctor', 'schema', 'completion']);
  });
});
