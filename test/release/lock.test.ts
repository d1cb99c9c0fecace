import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { hold, type Wish } from '../../src/release/lock.ts';
import { thisProcess } from '../../src/release/process.ts';
import type { Lease } from '../../src/release/store.ts';
import { type Memory, memoryPlatform } from './memory.ts';

/** Beats come soon, and a process that stands still for a moment loses nothing. */
const TIMES = { beat: 20, holds: 2_000 };

const wish = (said: string[] = []): Wish => ({
  owner: 'me@here',
  action: 'deploy v2',
  signal: new AbortController().signal,
  times: TIMES,
  say: line => said.push(line),
});

async function taken(memory: Memory, said?: string[]) {
  const held = await hold(memory.strategy.store, wish(said));
  if ('busy' in held || !held.value) throw new Error(`not taken: ${JSON.stringify(held)}`);
  return held.value;
}

const WAITED = { timeout: 30_000 };

const OTHER: Lease = {
  token: 'other',
  owner: 'she@there',
  action: 'deploy v1',
  since: '2001-01-01T00:00:00Z',
  seconds: 0.1,
  beat: 7,
};

test('it is kept as long as it is wanted, and given up', async () => {
  const memory = memoryPlatform();
  const held = await taken(memory);
  await expect.poll(() => memory.lease?.beat, WAITED).toBeGreaterThan(1);
  expect(memory.lease).toMatchObject({ owner: 'me@here', action: 'deploy v2' });
  expect(held.lost()).toBeUndefined();
  await held.giveUp();
  expect(memory.lease).toBeUndefined();
});

test('two runs at once: one has it, the other is told whose it is', async () => {
  const memory = memoryPlatform();
  const both = await Promise.all([hold(memory.strategy.store, wish()), hold(memory.strategy.store, wish())]);
  expect(both.filter(each => 'busy' in each)).toHaveLength(1);
  for (const each of both) if (!('busy' in each)) await each.value?.giveUp();
});

test('one that beats no more is taken over, whatever its clock says', async () => {
  const memory = memoryPlatform();
  memory.lease = { ...OTHER, since: '2999-01-01T00:00:00Z' };
  const said: string[] = [];
  const held = await taken(memory, said);
  expect(said).toEqual([expect.stringMatching(/^she@there has the lock for deploy v1/)]);
  await held.giveUp();
});

test('one whose process is gone from this machine is taken over at once', async () => {
  const memory = memoryPlatform();
  const here = thisProcess();
  if (!here) throw new Error('no /proc on this system');
  // Beyond the largest number that a process may have.
  memory.lease = { ...OTHER, seconds: 3_600, process: { ...here, pid: 2 ** 22 + 1 } };
  await (await taken(memory)).giveUp();
});

test('one that beats is left alone, however old', async () => {
  const memory = memoryPlatform();
  memory.lease = { ...OTHER, seconds: 10 };
  const beating = setInterval(() => {
    if (memory.lease) memory.lease = { ...memory.lease, beat: memory.lease.beat + 1 };
  }, 20);
  try {
    expect(await hold(memory.strategy.store, wish())).toMatchObject({ busy: { owner: 'she@there' } });
  } finally {
    clearInterval(beating);
  }
});

test('whoever loses it hears of it, and leaves the new one alone', async () => {
  const memory = memoryPlatform();
  const held = await taken(memory);
  memory.lease = OTHER;
  await expect
    .poll(() => held.lost(), WAITED)
    .toEqual({ why: 'she@there took the lock for deploy v1', final: true });
  await held.giveUp();
  expect(memory.lease).toEqual(OTHER);
});

test('a lock that somebody broke is lost', async () => {
  const memory = memoryPlatform();
  const held = await taken(memory);
  memory.lease = undefined;
  await expect.poll(() => held.lost(), WAITED).toEqual({ why: 'somebody broke the lock', final: true });
  await held.giveUp();
});

test('a platform out of reach costs the lock only when it lasts', async () => {
  const memory = memoryPlatform();
  const held = await taken(memory);
  memory.down = 'gone';
  await sleep(TIMES.beat * 2);
  expect(held.lost()).toBeUndefined();
  await expect
    .poll(() => held.lost(), WAITED)
    .toEqual({ why: 'the lock could not be kept: it has run out', final: false });
  memory.down = undefined;
  await held.giveUp();
});
