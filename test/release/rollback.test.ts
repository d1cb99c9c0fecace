import { expect, test } from 'vitest';
import type { Migration } from '../../src/release/release.ts';
import { planRollback } from '../../src/release/rollback.ts';
import { memoryPlatform } from './memory.ts';
import { deploying, goingBack, orderOf, running } from './running.ts';

async function having(...releases: readonly (string | readonly [string, Migration])[]) {
  const memory = memoryPlatform();
  const host = running(memory);
  for (const release of releases) {
    const [tag, migration] = typeof release === 'string' ? [release, 'none' as const] : release;
    await deploying(host, orderOf(tag, migration), { rollBack: migration === 'none' });
  }
  memory.performed.length = 0;
  const statuses = () => [...memory.releases.values()].map(({ id, status }) => `${id} ${status}`);
  return { memory, host, statuses };
}

const DEFAULTS = { to: undefined, database: undefined, acrossMigrations: false, verify: true };

test('without an argument it returns to the last verified one, and the next time further back', async () => {
  const { memory, host, statuses } = await having('v1', 'v2', 'v3');
  expect(await goingBack(host)).toMatchObject({ release: 'v2', outcome: 'verified' });
  expect(statuses()).toEqual(['v1 superseded', 'v2 verified', 'v3 superseded']);
  expect((await goingBack(host)).release).toBe('v1');
  await expect(goingBack(host)).rejects.toThrow('there is no verified release before v1');
  expect(memory.running).toBe('v1');
});

test('one that was gone back from is not returned to', async () => {
  const { host } = await having('v1', 'v2');
  await goingBack(host);
  await deploying(host, 'v3');
  expect((await goingBack(host)).release).toBe('v1');
});

test('a failed or unverified one is never picked, nor taken when named', async () => {
  const { host } = await having('v1');
  host.verdicts.push({ verdict: 'fail', summary: 'no', details: [] });
  await deploying(host, 'v2');
  await deploying(host, 'v3', { verify: false });
  await deploying(host, 'v4');
  expect((await goingBack(host)).release).toBe('v1');
  await expect(goingBack(host, { to: 'v2' })).rejects.toThrow('--to v2: it was never seen to work (failed)');
  await expect(goingBack(host, { to: 'v3' })).rejects.toThrow('(unverified)');
  await expect(goingBack(host, { to: 'v9' })).rejects.toThrow('the record has v1, v2, v3, v4');
});

test('what nobody knows of is gone back from to the newest verified one', async () => {
  const { memory, host } = await having('v1', 'v2');
  memory.running = undefined;
  expect((await goingBack(host)).release).toBe('v2');
});

test('a broken chain is bridged by the order of deploys', async () => {
  const { memory, host } = await having('v1', 'v2', 'v3');
  memory.releases.delete('v2');
  expect((await goingBack(host)).release).toBe('v1');
});

test('it puts back without migrating, and says what it does not revert', async () => {
  const { memory, host } = await having('v1', ['v2', 'expand']);
  const plan = await planRollback(host.run, DEFAULTS);
  expect(plan.notReverted).toEqual([
    'migrations of v2',
    'data written since',
    'secrets that were changed since: their values are not in the record',
    "the project's own files: the next deploy starts from them",
    'what memory forgets',
  ]);
  await goingBack(host);
  expect(memory.performed).toEqual(['switch to v1', 'wait for v1']);
});

test.each([['contract'], ['unmarked']] as const)('%s migrations bar the way back unless told', async kind => {
  const { memory, host } = await having('v1', ['v2', kind], 'v3');
  await expect(goingBack(host, { to: 'v1' })).rejects.toThrow(/nothing was changed: the migrations of v2/);
  expect(memory.performed).toEqual([]);
  expect((await goingBack(host, { to: 'v2' })).outcome).toBe('verified');
  expect((await goingBack(host, { to: 'v1', acrossMigrations: true })).outcome).toBe('verified');
});

test('a named backup takes the place of the database first', async () => {
  const { memory, host } = await having('v1', ['v2', 'contract']);
  await goingBack(host, { database: 'v1.dump' });
  expect(memory.performed).toEqual(['restore v1.dump', 'switch to v1', 'wait for v1']);
});

test('one that does not work is told, and nothing else is tried', async () => {
  const { memory, host, statuses } = await having('v1', 'v2');
  host.verdicts.push({ verdict: 'fail', summary: 'ready: 503', details: [] });
  expect(await goingBack(host)).toMatchObject({ outcome: 'failed', cause: 'ready: 503' });
  expect(memory.performed).toEqual(['switch to v1', 'wait for v1']);
  expect(statuses()).toEqual(['v1 superseded', 'v2 verified']);
  expect(memory.audit.at(-1)).toMatchObject({ action: 'rollback', outcome: 'failed', cause: 'ready: 503' });
});

test('it is repeated after it was ended in the middle', async () => {
  const { memory, host } = await having('v1', 'v2');
  memory.ends.set('wait for v1', [{ status: 'obstructed', obstacle: { why: 'gone', next: 'x' } }]);
  expect((await goingBack(host, { to: 'v1' })).unanswered).toBe(true);
  expect((await goingBack(host, { to: 'v1' })).outcome).toBe('verified');
});
