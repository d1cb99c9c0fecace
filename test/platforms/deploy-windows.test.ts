/** Releases on Wine with the real NSSM, by the rendered scripts: the engine, the record that they keep, and its lease. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import type { Site } from '../../src/platforms/windows/site.ts';
import { makeOn } from '../../src/release/strategies/windows/index.ts';
import type { Strategy } from '../../src/release/strategy.ts';
import { memoryPlatform } from '../release/memory.ts';
import { deploying, goingBack, type Running, running } from '../release/running.ts';
import { answer, DIR, FILE, render } from './windows.ts';
import { Wine } from './wine.ts';

const PROGRAM = 'server-windows-amd64.exe';
const signal = new AbortController().signal;

let wine: Wine;
let agent: Running & { readonly strategy: Strategy };

/** The project lies in Windows' own folders, which this machine sees under another name. */
const windowsPath = (path: string) => {
  const drive = join(wine.prefix, 'drive_c');
  return path.startsWith(drive) ? `C:${path.slice(drive.length)}`.replaceAll('/', '\\') : path;
};
const siteOn = (machine: Wine): Site => ({
  list: async folder => {
    try {
      return readdirSync(machine.path(folder));
    } catch {
      return [];
    }
  },
  read: async file => machine.read(file) || undefined,
  run: async (file, args, _, env) => {
    const { code, output } = await machine.script(windowsPath(file), args.map(windowsPath), env);
    return {
      status: code === 0 ? 'ok' : 'failed',
      exitCode: code,
      stdout: output,
      stderr: output,
      truncated: false,
      durationMs: 0,
      message: '',
    };
  },
});

beforeAll(async () => {
  wine = new Wine();
  const root = wine.path('C:\\chat');
  wine.place('C:\\chat\\deploy\\windows', render());
  wine.copy('nssm', 'C:\\chat\\deploy\\windows\\nssm.exe');
  wine.copy('server', `C:\\chat\\build\\${PROGRAM}`);
  mkdirSync(join(root, 'build'), { recursive: true });
  const sum = createHash('sha256')
    .update(readFileSync(join(root, 'build', PROGRAM)))
    .digest('hex');
  writeFileSync(join(root, 'build', 'SHA256SUMS'), `${sum}  ${PROGRAM}\n`);
  wine.write(`${DIR}\\config\\agent.env`, 'API_KEY=one\r\n');
  const model = buildModel(loadConfig(FILE, readFileSync(FILE)));
  const surroundings = { model, root, hosts: [], images: {}, build: 'build', commit: null, by: 'me' };
  const { value: strategy, obstacle } = await makeOn(siteOn(wine), surroundings);
  if (obstacle) throw new Error(obstacle.why);
  const { run, ...rest } = running(memoryPlatform());
  // A beat while a script runs would be another one at the same time, which the calls of this Wine are not made for.
  agent = { ...rest, strategy, run: { ...run, strategy, times: { beat: 600_000, holds: 900_000 } } };
});
afterAll(() => wine.close());

const statuses = async () =>
  ((await agent.strategy.store.releases(signal)).value ?? []).map(({ id, status }) => `${id} ${status}`);

test('v1 is installed, and is what runs', async () => {
  expect(await deploying(agent, '1.0.0')).toMatchObject({ outcome: 'verified', cause: undefined });
  expect(await answer()).toBe('1.0.0');
  expect(await statuses()).toEqual(['1.0.0 verified']);
  expect((await agent.strategy.inspect(signal)).value).toEqual({ current: '1.0.0', empty: false });
  expect(await deploying(agent, '1.0.0')).toMatchObject({ release: '1.0.0', outcome: 'verified' });
});

test('v2 that does not pass is taken back, and v2 that does is gone back from', async () => {
  agent.verdicts.push({ verdict: 'fail', summary: 'smoke: 500', details: [] });
  expect(await deploying(agent, '1.1.0')).toMatchObject({ outcome: 'rolled-back', cause: 'smoke: 500' });
  expect(await answer()).toBe('1.0.0');
  expect(await deploying(agent, '1.2.0')).toMatchObject({ outcome: 'verified' });
  expect(await answer()).toBe('1.2.0');
  expect(await goingBack(agent)).toMatchObject({ release: '1.0.0', outcome: 'verified' });
  expect(await answer()).toBe('1.0.0');
  expect(await statuses()).toEqual(['1.0.0 verified', '1.1.0 failed', '1.2.0 superseded']);
});

test('one that is never ready is taken back', async () => {
  const unready = (text: string) => text.replace('DRAIN_MS:', 'UNREADY: "1"\n      DRAIN_MS:');
  wine.place('C:\\chat\\deploy\\windows', render(unready));
  expect(await deploying(agent, '1.3.0')).toMatchObject({
    outcome: 'rolled-back',
    cause: expect.stringContaining('agent is not ready'),
  });
  expect(await answer()).toBe('1.0.0');
});

test('every action is told, and a lease is what one of two gets', async () => {
  const history = wine.read(`${DIR}\\history.jsonl`).trim().split(/\r?\n/);
  expect(history.map(line => JSON.parse(line).action)).toContain('rollback');
  const lease = (token: string) => ({
    token,
    owner: 'Zoë "%PATH%" & !x! ^',
    action: 'a',
    since: '',
    seconds: 1,
    beat: 0,
  });
  const { store } = agent.strategy;
  expect((await store.exchange(undefined, lease('a'), signal)).value).toBe(true);
  expect((await store.exchange(undefined, lease('b'), signal)).value).toBe(false);
  expect((await store.lease(signal)).value).toEqual(lease('a'));
  expect((await store.exchange(lease('a'), undefined, signal)).value).toBe(true);
  expect((await store.lease(signal)).value).toBeUndefined();
});
