/** The rendered scripts on Wine with the real NSSM: what they install runs, is upgraded, goes back and is removed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cmdWord } from '../../src/render/escape/cmd.ts';
import { runs } from '../render/runs.ts';
import { sampleTexts } from '../render/values.ts';
import { answer, DIR, ends, render, URL_OF, until } from './windows.ts';
import { Wine } from './wine.ts';

const SCRIPTS = 'C:\\deploy & co\\windows';
/** Everything that a secret may hold on its line. */
const SECRET = 'a=b "c" \\"d\\" %PATH% 100% ^e^ !f! & | <g> é日本語 \\';

let wine: Wine;

beforeAll(() => {
  wine = new Wine();
  wine.place(SCRIPTS, render());
  for (const version of ['1.0.0', '1.1.0', 'broken']) build(version);
});
afterAll(() => wine.close());

const build = (version: string) => wine.copy('server', `C:\\build ${version}\\server-windows-amd64.exe`);
const script = (name: string, ...args: string[]) => wine.script(`${SCRIPTS}\\${name}.cmd`, args);
const upgrade = (version: string, ...more: string[]) =>
  script('upgrade', '--tag', version, '--from', `C:\\build ${version}`, ...more);
const current = () => wine.read(`${DIR}\\current.txt`).trim();
const record = (version: string) =>
  JSON.parse(wine.read(`${DIR}\\releases\\${version}\\release.json`)) as Record<string, unknown>;
const log = () => wine.read(`${DIR}\\logs\\agent.log`);
/** NSSM writes what a program says when it comes to it. */
const LOGGED = { timeout: 30_000 };

describe('install', () => {
  test('asks for nssm.exe where there is none', async () => {
    const { code, output } = await script('install', '--tag', '1.0.0', '--from', 'C:\\build 1.0.0');
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('nssm.exe 2.24') });
  });

  test('asks for the secrets that are missing, by their names', async () => {
    wine.copy('nssm', `${SCRIPTS}\\nssm.exe`);
    const { code, output } = await script('install', '--tag', '1.0.0', '--from', 'C:\\build 1.0.0');
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('API_KEY') });
  });

  test('then starts the service and waits until it is ready', async () => {
    wine.write(`${DIR}\\config\\agent.env`, `# ours\r\nAPI_KEY=${SECRET}\r\n`);
    const ran = await script('install', '--tag', '1.0.0', '--from', 'C:\\build 1.0.0');
    expect(ran).toMatchObject({ code: 0, output: expect.stringContaining('agent 1.0.0 runs and is ready') });
    expect(await answer()).toBe('1.0.0');
    expect(record('1.0.0')).toMatchObject({ version: 1, id: '1.0.0', sequence: 1, status: 'verified' });
    expect(current()).toBe('1.0.0');
  });

  test('the program sees arguments and variables byte for byte', () => {
    const seen = wine.read('C:\\seen.txt').split('\0');
    const middle = seen.indexOf('--environment--');
    expect(seen.slice(0, middle)).toEqual([
      ...['--plain', 'two words', '%PATH% 100%', 'C:\\dir\\', 'say "hi" & ^go^ !now!', ''],
    ]);
    const variables = seen.slice(middle);
    expect(variables).toContain('ODD=a & b | "c" ^ %PATH% !x! <d> (e) \\');
    expect(variables).toContain(`API_KEY=${SECRET}`);
    expect(variables.some(each => each.startsWith('SPARE='))).toBe(false);
  });

  test('run again, it changes nothing', async () => {
    const before = wine.read('C:\\seen.txt');
    const ran = await script('install', '--tag', '1.0.0', '--from', 'C:\\build 1.0.0');
    expect(ran).toMatchObject({ code: 0, output: expect.stringContaining('agent 1.0.0 runs already') });
    await expect.poll(() => log().match(/started/g), LOGGED).toHaveLength(1);
    expect(wine.read('C:\\seen.txt')).toBe(before);
  });
});

const answers = (version: string) => until(async () => (await answer().catch(() => '')) === version, 60);

describe('what runs', () => {
  test('is started again after a crash', async () => {
    await fetch(`${URL_OF}/crash`).catch(() => undefined);
    expect(await answers('1.0.0')).toBe(true);
    await expect.poll(() => log().match(/started/g), LOGGED).toHaveLength(2);
  });
});

describe('upgrade', () => {
  test('lets work finish, then runs the new release', async () => {
    ends(await upgrade('1.1.0'), 0, 'agent 1.1.0 runs and is ready');
    expect(await answer()).toBe('1.1.0');
    await expect.poll(log, LOGGED).toMatch(/draining\s+drained\s+started 1\.1\.0/);
    expect(current()).toBe('1.1.0');
    expect(record('1.0.0')['status']).toBe('superseded');
    expect(record('1.1.0')).toMatchObject({ sequence: 2, previous: '1.0.0', status: 'verified' });
  });

  test('run again, it changes nothing', async () => {
    ends(await upgrade('1.1.0'), 0, 'agent 1.1.0 runs already');
  });

  test('of a release that is never ready returns to the former', async () => {
    wine.place(
      SCRIPTS,
      render(text => text.replace('DRAIN_MS:', 'UNREADY: "1"\n      DRAIN_MS:')),
    );
    ends(await upgrade('broken'), 1, 'broken failed; 1.1.0 runs and is ready');
    expect(await answer()).toBe('1.1.0');
    expect(current()).toBe('1.1.0');
    expect(record('broken')['status']).toBe('failed');
    expect(record('1.1.0')['status']).toBe('verified');
    wine.place(SCRIPTS, render());
  });

  test('refuses a version that could not be named again', async () => {
    // The scripts end with 2; Wine's cmd makes 1 of it on its way through `call`.
    for (const [version, reason] of [
      ['latest', 'the tag latest moves'],
      ['a b', 'a version is letters'],
    ] as const) {
      const { code, output } = await upgrade(version);
      expect(output).toContain(reason);
      expect([1, 2]).toContain(code);
    }
  });
});

describe('rollback', () => {
  test('lists the releases', async () => {
    const { output } = await script('rollback', '--list');
    expect(output).toMatch(/^1\.0\.0 \S+ superseded/m);
    expect(output).toMatch(/^1\.1\.0 \S+ verified current/m);
    expect(output).toMatch(/^broken \S+ failed/m);
  });

  test('returns to the last verified release, once', async () => {
    ends(await script('rollback'), 0, 'agent 1.0.0 runs and is ready');
    expect(await answer()).toBe('1.0.0');
    expect(current()).toBe('1.0.0');
    ends(await script('rollback'), 1, 'there is no verified release before 1.0.0');
    expect(await answer()).toBe('1.0.0');
  });
});

describe('uninstall', () => {
  test('removes what runs, and keeps settings and logs', async () => {
    ends(await script('uninstall'), 0, 'agent is removed');
    await expect(answer()).rejects.toThrow();
    expect((await wine.script('C:\\standins\\sc.exe', ['query', 'agent'])).code).not.toBe(0);
    expect(wine.read(`${DIR}\\config\\agent.env`)).toContain('API_KEY');
    expect(log()).toContain('started');
    expect(wine.read(`${DIR}\\releases\\1.0.0\\release.json`)).toBe('');
  });

  test('run again, it changes nothing', async () => {
    ends(await script('uninstall'), 0, 'agent is removed');
  });

  test('a scheduled task of the same name is never joined by a service', async () => {
    wine.write('C:\\windows\\system32\\tasks\\agent\\agent', '');
    ends(await script('install', '--tag', '1.0.0', '--from', 'C:\\build 1.0.0'), 1, 'remove it first');
  });
});

test('cmd hands a program every text of a line, byte for byte', async () => {
  // Wine's cmd reads its files in a code page of 1981, and knows no other: what is not ASCII is Windows' to show.
  const texts = sampleTexts(runs(150)).filter(text => /^[ -~\t]*$/.test(text));
  wine.copy('server', 'C:\\show.exe');
  const wrong: string[] = [];
  for (let i = 0; i < texts.length; i += 40) {
    const batch = texts.slice(i, i + 40);
    const line = `"C:\\show.exe" ${batch.map(cmdWord).join(' ')}`;
    wine.write('C:\\values.cmd', `@echo off\r\nset SEEN=C:\\values.txt\r\nset FAIL=1\r\n${line}\r\n`);
    await wine.script('C:\\values.cmd');
    const seen = wine.read('C:\\values.txt').split('\0');
    const read = seen.slice(0, seen.indexOf('--environment--'));
    wrong.push(...batch.filter((text, j) => read[j] !== text));
  }
  expect(wrong).toEqual([]);
});
