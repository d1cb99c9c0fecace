/** Releases on Wine with the real NSSM, by the rendered scripts: the engine, the record that they keep, and its lease. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { deploying, goingBack } from '../release/running.ts';
import { answer, DIR } from './windows.ts';
import { type Agent, agentOn } from './windows-releases.ts';
import { Wine } from './wine.ts';

const signal = new AbortController().signal;

let wine: Wine;
let agent: Agent;

beforeAll(async () => {
  wine = new Wine();
  agent = await agentOn(wine);
});
afterAll(() => wine.close());

const record = async () => (await agent.strategy.store.releases(signal)).value ?? [];
const statuses = async () => (await record()).map(({ id, status }) => `${id} ${status}`);

describe('a release', () => {
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
    expect((await record())[0]).toMatchObject({
      platform: 'windows',
      migration: 'none',
      checksums: { 'server-windows-amd64.exe': expect.stringMatching(/^[0-9a-f]{64}$/) },
      configuration: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

/** Soon given up, so that nobody waits for what never comes. */
const hasty = (text: string) => text.replace('startup: 20s', 'startup: 3s');
const variable = (line: string) => (text: string) =>
  hasty(text).replace('DRAIN_MS:', `${line}\n      DRAIN_MS:`);

describe('a release that is bad: v1 serves', () => {
  test.each<[what: string, change: (text: string) => string, cause: RegExp]>([
    ['ends at its start', variable('FAIL: "1"'), /^agent is not ready/],
    ['is never ready', variable('UNREADY: "1"'), /^agent is not ready/],
    [
      'is of another version than it is called',
      text => text.replace('VERSION: "${tag}"', 'VERSION: "9"'),
      /^version: 9, not 2\.\d$/,
    ],
    [
      'needs a secret that nobody set',
      text => text.replace('secrets: [API_KEY,', 'secrets: [API_KEY, NEW_KEY,'),
      /NEW_KEY/,
    ],
  ])('one that %s', async (what, change, cause) => {
    onTestFinished(() => agent.place());
    agent.place(change);
    const tag = `2.${what.length % 10}`;
    expect(await deploying(agent, tag)).toMatchObject({
      outcome: 'rolled-back',
      cause: expect.stringMatching(cause),
    });
    expect(await answer()).toBe('1.0.0');
    expect((await record()).find(({ id }) => id === tag)).toMatchObject({ status: 'failed' });
  });

  test('one that nobody built is not begun', async () => {
    agent.build(undefined);
    await expect(deploying(agent, '3.0.0')).rejects.toThrow(/build it: scripts\/build\.sh --tag 3\.0\.0/);
    agent.build('server');
    expect(await answer()).toBe('1.0.0');
    expect((await record()).map(({ id }) => id)).not.toContain('3.0.0');
  });
});

describe('a run that is killed at a line of its scripts is finished by the next', () => {
  const POINTS = process.env['AIDEPLOY_DEEP'] ? 26 : 2;
  type Action = 'deploy' | 'rollback';
  let tag = '4.0';
  const next = () => {
    tag = `4.${Number(tag.slice(2)) + 1}`;
    return tag;
  };

  /** As if the machine's power went: nobody ends anything, and nobody gives the lock back. */
  async function killedAt(point: number, action: Action): Promise<boolean> {
    agent.fault = point;
    const killed = new Promise<true>(done => {
      agent.killed = () => done(true);
    });
    const ended = action === 'deploy' ? deploying(agent, tag) : goingBack(agent);
    const was = await Promise.race([killed, ended.then(() => false)]);
    agent.fault = undefined;
    const { store } = agent.strategy;
    const { value: left } = await store.lease(signal);
    if (left) expect((await store.exchange(left, undefined, signal)).value).toBe(true);
    return was;
  }

  async function finished(action: Action, former: string): Promise<void> {
    const goal = action === 'deploy' ? tag : former;
    if (action === 'deploy') expect(await deploying(agent, tag)).toMatchObject({ outcome: 'verified' });
    else if ((await agent.strategy.inspect(signal)).value?.current !== former)
      expect(await goingBack(agent)).toMatchObject({ release: former, outcome: 'verified' });
    else expect(await goingBack(agent, { to: former })).toMatchObject({ outcome: 'verified' });
    expect(await answer()).toBe(goal);
    expect((await agent.strategy.inspect(signal)).value?.current).toBe(goal);
    expect((await record()).filter(({ status }) => status === 'verified').map(({ id }) => id)).toEqual([
      goal,
    ]);
  }

  test.each<Action>(['deploy', 'rollback'])('%s', async action => {
    agent.passed();
    const former = next();
    expect(await deploying(agent, tag)).toMatchObject({ outcome: 'verified' });
    if (action === 'rollback') {
      expect(await deploying(agent, next())).toMatchObject({ outcome: 'verified' });
      agent.passed();
      expect(await goingBack(agent)).toMatchObject({ release: former, outcome: 'verified' });
    }
    const points = agent.passed();
    const step = Math.max(1, Math.floor(points.length / POINTS));
    const table: string[] = [];
    for (let i = Math.floor(step / 2); i < points.length; i += step) {
      const point = points[i] ?? 0;
      const base = (await agent.strategy.inspect(signal)).value?.current ?? '';
      next();
      if (action === 'rollback') expect(await deploying(agent, tag)).toMatchObject({ outcome: 'verified' });
      const was = await killedAt(point, action);
      const why = was
        ? await finished(action, base).then(
            () => 'survived',
            (error: Error) => `lost: ${error.message.split('\n')[0]}`,
          )
        : 'not reached';
      table.push(`${action} killed before line ${i + 1} of ${points.length}: ${why}`);
    }
    const count = (end: string) => table.filter(line => line.includes(`: ${end}`)).length;
    console.info(
      `${table.join('\n')}\nfaults tried ${table.length}, survived ${count('survived')}, lost ${count('lost')}`,
    );
    expect(count('survived')).toBe(table.length);
  });
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
