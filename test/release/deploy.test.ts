import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/release/run.ts';
import { memoryPlatform } from './memory.ts';
import { deploying, OPTIONS, orderOf, QUICK, running } from './running.ts';

const statuses = (memory: ReturnType<typeof memoryPlatform>) =>
  [...memory.releases.values()].map(({ id, status }) => `${id} ${status}`);

const FAILS: Verdict = { verdict: 'fail', summary: 'smoke/chat: 500', details: ['expected 200'] };
const UNSURE: Verdict = { verdict: 'inconclusive', summary: 'no probe could look', details: [] };

async function withV1() {
  const memory = memoryPlatform();
  const host = running(memory);
  await deploying(host, 'v1');
  memory.performed.length = 0;
  return { memory, host };
}

describe('deploy', () => {
  test('the first release is verified, recorded and mirrored, and the lock given up', async () => {
    const memory = memoryPlatform();
    const host = running(memory);
    const ending = await deploying(host, 'v1');
    expect(ending).toMatchObject({
      platform: 'memory',
      release: 'v1',
      outcome: 'verified',
      cause: undefined,
    });
    expect(ending.steps.map(({ title, status }) => `${status} ${title}`)).toEqual([
      'done record v1 in memory',
      'done switch to v1',
      'done wait for v1',
      'done verify v1',
      'done record v1 as verified',
    ]);
    expect(memory.lease).toBeUndefined();
    expect(host.mirrored).toEqual([['v1 verified']]);
    expect(memory.audit.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(['deploy verified']);
  });

  test('the next one supersedes it', async () => {
    const { memory, host } = await withV1();
    await deploying(host, 'v2');
    expect(statuses(memory)).toEqual(['v1 superseded', 'v2 verified']);
    expect(memory.releases.get('v2')?.previous).toBe('v1');
  });

  test('the same tag with other content is another release', async () => {
    const { memory, host } = await withV1();
    memory.content = { ...memory.content, images: { api: 'api@sha256:2' } };
    await deploying(host, 'v1');
    await deploying(host, 'v1');
    expect(statuses(memory)).toEqual(['v1 superseded', 'v1+2 verified']);
  });

  test('an error of check changes nothing', async () => {
    const { memory, host } = await withV1();
    host.errors.push('compose.yaml:3: cross/stop-cuts-drain');
    expect(await deploying(host, 'v2')).toMatchObject({
      outcome: 'failed',
      cause: 'compose.yaml:3: cross/stop-cuts-drain',
      steps: [],
    });
    expect([memory.performed, statuses(memory)]).toEqual([[], ['v1 verified']]);
  });

  test.each([
    ['switch to v2', ['switch to v2']],
    ['wait for v2', ['switch to v2', 'wait for v2']],
  ])('a release that fails at "%s" is taken back, and the cause is told', async (title, before) => {
    const { memory, host } = await withV1();
    memory.ends.set(title, [{ status: 'failed', cause: 'api crashed: no such module' }]);
    const ending = await deploying(host, 'v2');
    expect(ending).toMatchObject({
      outcome: 'rolled-back',
      cause: 'api crashed: no such module',
      unanswered: false,
    });
    expect(memory.performed).toEqual([...before, 'switch to v1', 'wait for v1']);
    expect([memory.running, statuses(memory)]).toEqual(['v1', ['v1 verified', 'v2 failed']]);
    expect(memory.audit.map(({ action, release, outcome }) => `${action} ${release} ${outcome}`)).toEqual([
      'deploy v1 verified',
      'deploy v2 failed',
      'rollback v1 verified',
    ]);
  });

  test('a release that runs and does not work is taken back', async () => {
    const { memory, host } = await withV1();
    host.verdicts.push(FAILS);
    expect(await deploying(host, 'v2')).toMatchObject({
      outcome: 'rolled-back',
      cause: 'smoke/chat: 500',
      details: ['expected 200'],
    });
    expect(memory.running).toBe('v1');
  });

  test('when the former does not work either, both causes are told and nothing loops', async () => {
    const { memory, host } = await withV1();
    host.verdicts.push(FAILS, { ...FAILS, summary: 'ready: refused' });
    const ending = await deploying(host, 'v2');
    expect(ending).toMatchObject({ outcome: 'failed', cause: 'smoke/chat: 500' });
    expect(ending.details).toContain('going back to v1: ready: refused');
    expect(memory.performed).toEqual(['switch to v2', 'wait for v2', 'switch to v1', 'wait for v1']);
  });

  test('--no-rollback leaves it, failed', async () => {
    const { memory, host } = await withV1();
    host.verdicts.push(FAILS);
    expect((await deploying(host, 'v2', { rollBack: false })).outcome).toBe('failed');
    expect([memory.running, statuses(memory)]).toEqual(['v2', ['v1 verified', 'v2 failed']]);
  });

  test('a first release that fails has nothing to go back to', async () => {
    const memory = memoryPlatform();
    const host = running(memory);
    host.verdicts.push(FAILS);
    expect((await deploying(host, 'v1')).outcome).toBe('failed');
    expect(statuses(memory)).toEqual(['v1 failed']);
  });

  test('without an answer nothing is taken back: it may be the observer', async () => {
    const { memory, host } = await withV1();
    host.verdicts.push(UNSURE);
    expect(await deploying(host, 'v2')).toMatchObject({ outcome: 'unverified', unanswered: true });
    expect([memory.running, statuses(memory)]).toEqual(['v2', ['v1 verified', 'v2 unverified']]);
  });

  test('--no-verify claims nothing', async () => {
    const { memory, host } = await withV1();
    expect((await deploying(host, 'v2', { verify: false })).outcome).toBe('unverified');
    expect(statuses(memory)).toEqual(['v1 verified', 'v2 unverified']);
  });

  test('--record-only applies nothing', async () => {
    const { memory, host } = await withV1();
    await deploying(host, 'v2', { recordOnly: true });
    expect(memory.performed).toEqual(['wait until somebody applied v2']);
  });

  test('a failed backup stops before anything that serves is touched', async () => {
    const { memory, host } = await withV1();
    memory.ends.set('back the database up', [{ status: 'failed', cause: 'disk full' }]);
    expect(await deploying(host, orderOf('v2', 'expand'))).toMatchObject({
      outcome: 'failed',
      cause: 'disk full',
    });
    expect(memory.performed).toEqual(['back the database up']);
  });

  test('migrations run once, after a backup', async () => {
    const { memory, host } = await withV1();
    await deploying(host, orderOf('v2', 'expand'));
    await deploying(host, orderOf('v2', 'expand'));
    expect(memory.performed).toEqual([
      'back the database up',
      'migrate v2',
      'switch to v2',
      'wait for v2',
      'switch to v2',
      'wait for v2',
    ]);
  });

  test.each([['unmarked'], ['contract']] as const)(
    '%s migrations need a word about the way back',
    async kind => {
      const { memory, host } = await withV1();
      await expect(deploying(host, orderOf('v2', kind))).rejects.toThrow(
        /^nothing was changed: .*--no-rollback/s,
      );
      expect(statuses(memory)).toEqual(['v1 verified']);
      expect((await deploying(host, orderOf('v2', kind), { rollBack: false })).outcome).toBe('verified');
    },
  );

  test('migrations of which no file changed since what was seen to work are none', async () => {
    const { memory, host } = await withV1();
    await deploying(host, orderOf('v2', 'expand', 'one'));
    memory.performed.length = 0;
    await deploying(host, orderOf('v3', 'unmarked', 'one'));
    host.verdicts.push(FAILS);
    await deploying(host, orderOf('v4', 'unmarked', 'one'));
    expect(memory.performed.filter(step => /migrate|back the/.test(step))).toEqual([]);
    expect(memory.running).toBe('v3');
    await expect(deploying(host, orderOf('v5', 'unmarked', 'two'))).rejects.toThrow('it runs migrations');
    await deploying(host, orderOf('v5', 'expand', 'one'));
    expect(memory.performed).toContain('migrate v5');
  });

  test('nor does the record of a release that was never seen to work say that its own ran', async () => {
    const { memory, host } = await withV1();
    memory.ends.set('migrate v2', [{ status: 'obstructed', obstacle: { why: 'gone', next: 'x' } }]);
    await deploying(host, orderOf('v2', 'expand', 'one'));
    memory.running = 'v2';
    await deploying(host, orderOf('v3', 'unmarked', 'one'), { rollBack: false });
    expect(memory.performed).toContain('migrate v3');
  });

  test('the record keeps what may be returned to, however few it is to keep', async () => {
    const { memory, host } = await withV1();
    for (const tag of ['v2', 'v3']) await deploying(host, tag, { keep: 2 });
    host.verdicts.push(FAILS);
    await deploying(host, 'v4', { keep: 2 });
    await deploying(host, 'v5', { keep: 1 });
    expect(statuses(memory)).toEqual(['v3 superseded', 'v5 verified']);
    expect(memory.performed).toContain('remove the programs of v1');
  });

  test('a platform that is out of reach is waited for', async () => {
    const { memory, host } = await withV1();
    memory.ends.set('switch to v2', [
      { status: 'obstructed', obstacle: { why: 'connection refused', next: '' } },
    ]);
    const run = { ...host.run, patience: 30_000 };
    expect((await deploying({ ...host, run }, 'v2')).outcome).toBe('verified');
    expect(host.said).toContain('connection refused; trying again');
  });

  test('one that is away for longer than its lock holds is waited for, and the lock is ours again', async () => {
    const { memory, host } = await withV1();
    const run = { ...host.run, patience: 30_000 };
    run.told.started = title => {
      if (title !== 'switch to v2') return;
      memory.down = 'connection refused';
      setTimeout(() => {
        memory.down = undefined;
      }, 2 * QUICK.holds);
    };
    expect(await deploying({ ...host, run }, 'v2')).toMatchObject({ outcome: 'verified', cause: undefined });
  });

  test('a lock that ran out between two steps is waited for as well', async () => {
    const { memory, host } = await withV1();
    const run = { ...host.run, patience: 30_000 };
    run.told.ended = ({ title }) => {
      if (title !== 'switch to v2') return;
      memory.down = 'connection refused';
      const until = performance.now() + 2 * QUICK.holds;
      while (performance.now() < until);
      setTimeout(() => {
        memory.down = undefined;
      }, QUICK.holds);
    };
    expect(await deploying({ ...host, run }, 'v2')).toMatchObject({ outcome: 'verified', cause: undefined });
  });

  test('whose lock another run took meanwhile is left to it', async () => {
    const { memory, host } = await withV1();
    const run = { ...host.run, patience: 30_000 };
    run.told.started = title => {
      if (title !== 'switch to v2') return;
      memory.ends.set(title, [{ status: 'obstructed', obstacle: { why: 'connection refused', next: '' } }]);
      memory.lease = { token: 'b', owner: 'she', action: 'deploy v3', since: '', seconds: 1, beat: 1 };
    };
    expect(await deploying({ ...host, run }, 'v2')).toMatchObject({
      outcome: 'unverified',
      unanswered: true,
    });
    expect(memory.performed.filter(each => each === 'switch to v2')).toHaveLength(1);
    expect(memory.running).toBe('v1');
  });

  test('so is one that goes once the plan was made', async () => {
    const { memory, host } = await withV1();
    const check = async () => {
      memory.down = 'connection refused';
      setTimeout(() => {
        memory.down = undefined;
      }, 200);
      return [];
    };
    const run = { ...host.run, patience: 30_000, hooks: { ...host.run.hooks, check } };
    expect((await deploying({ ...host, run }, 'v2')).outcome).toBe('verified');
    expect(host.said).toContain('connection refused; bring it back; trying again');
  });

  test('one that stays out of reach leaves the rest to the next run, which finishes it', async () => {
    const { memory, host } = await withV1();
    memory.ends.set('wait for v2', [
      { status: 'obstructed', obstacle: { why: 'connection refused', next: 'x' } },
    ]);
    expect(await deploying(host, 'v2')).toMatchObject({ outcome: 'unverified', unanswered: true });
    expect(statuses(memory)).toEqual(['v1 verified', 'v2 unverified']);
    expect((await deploying(host, 'v2')).outcome).toBe('verified');
    expect(statuses(memory)).toEqual(['v1 superseded', 'v2 verified']);
  });

  test('a platform that cannot be looked at is no answer', async () => {
    const { memory, host } = await withV1();
    memory.down = 'no kubeconfig';
    await expect(deploying(host, 'v2', OPTIONS)).rejects.toThrow('no kubeconfig; bring it back');
  });

  test('an interruption is told, and the lock given up', async () => {
    const stop = new AbortController();
    const memory = memoryPlatform();
    const host = running(memory, stop.signal);
    memory.ends.set('switch to v1', [{ status: 'done' }]);
    host.run.told.started = () => stop.abort();
    expect(await deploying(host, 'v1')).toMatchObject({ interrupted: true, outcome: 'unverified' });
    expect(memory.lease).toBeUndefined();
  });
});
