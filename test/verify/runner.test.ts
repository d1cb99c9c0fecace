import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Planned, plan } from '../../src/verify/plan.ts';
import {
  type Attempt,
  type Flags,
  fail,
  failedToLook,
  type Observation,
  type Probe,
  type ProbeSpec,
  pass,
  skip,
  undecided,
} from '../../src/verify/probe.ts';
import { type RunOptions, run, verdictOf } from '../../src/verify/run.ts';
import type { ProbeResult, Status } from '../../src/verify/verification.ts';

const NO = { expected: 'yes', observed: 'no', next: 'mend it' };

type Look = (attempt: Attempt) => Observation | Promise<Observation>;

const planned = (id: string, look: Look, spec: Partial<ProbeSpec> = {}): Planned => ({
  id,
  probe: { id, title: 'a probe of the tests', plan: () => [], observe: async (_, attempt) => look(attempt) },
  spec: { name: id, data: undefined, ...spec },
});

const running = (some: readonly Planned[], options: Partial<RunOptions> = {}) =>
  run(some, {
    signal: new AbortController().signal,
    wait: 0,
    interval: 20,
    timeout: 200,
    deadline: 5_000,
    attempts: Number.POSITIVE_INFINITY,
    secrets: [],
    ...options,
  });

/** What each attempt sees, one after the other; the last one again and again. */
function sequence(...observations: readonly Observation[]): Look {
  let at = 0;
  return () => observations[Math.min(at++, observations.length - 1)] ?? pass('');
}

describe('attempts', () => {
  test.each<[string, Look, Partial<RunOptions>, Status, number]>([
    ['a yes is enough', () => pass('yes'), {}, 'pass', 1],
    ['a no without --wait is a no', () => fail(NO), {}, 'fail', 1],
    [
      'a no is asked again while there is time',
      sequence(fail(NO), fail(NO), pass('yes')),
      { wait: 2_000 },
      'pass',
      3,
    ],
    [
      'nobody who could look is asked again too',
      sequence(failedToLook(NO), pass('yes')),
      { wait: 2_000 },
      'pass',
      2,
    ],
    ['what does not apply is not asked again', () => skip('not here'), { wait: 2_000 }, 'skip', 1],
    ['so many attempts and no more', () => fail(NO), { wait: 2_000, attempts: 4 }, 'fail', 4],
    [
      'a burst is waited out without --wait',
      sequence(undecided({ ...NO, retryAfter: 30 }), pass('yes')),
      {},
      'pass',
      2,
    ],
    ['a long burst is not', () => undecided({ ...NO, retryAfter: 60_000 }), {}, 'inconclusive', 1],
  ])('%s', async (_, look, options, status, attempts) => {
    const [result] = await running([planned('a', look)], options);
    expect(result).toMatchObject({ id: 'a', status, attempts });
  });

  test('what costs money is asked once, whatever it says', async () => {
    const [result] = await running([planned('paid', () => fail(NO), { once: true })], { wait: 500 });
    expect(result).toMatchObject({ status: 'fail', attempts: 1 });
  });

  test('the waits differ, so that probes do not ask in step', async () => {
    const times: number[] = [];
    const look: Look = () => {
      times.push(performance.now());
      return fail(NO);
    };
    await running([planned('a', look)], {
      wait: 1_500,
      interval: 40,
    });
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(gaps.length).toBeGreaterThanOrEqual(6);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(29);
    expect(new Set(gaps.map(Math.round)).size).toBeGreaterThan(1);
  });

  test('--wait ends when it says', async () => {
    const started = performance.now();
    const [result] = await running([planned('a', () => fail(NO))], { wait: 300 });
    expect(result).toMatchObject({ status: 'fail' });
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

describe('time', () => {
  test('an attempt is told when its time is over', async () => {
    const look: Look = ({ signal }) =>
      new Promise(resolve =>
        signal.addEventListener('abort', () => resolve(fail({ ...NO, observed: 'told' }))),
      );
    const [result] = await running([planned('a', look)]);
    expect(result).toMatchObject({ status: 'fail', observed: 'told' });
  });

  test('a probe that hangs is a mistake of ours, and holds nobody up', async () => {
    const hangs = planned('hangs', () => new Promise(() => undefined));
    const results = await running([hangs, planned('b', () => pass('yes'))]);
    expect(results.map(({ status }) => status)).toEqual(['error', 'pass']);
    expect(results[0]?.message).toMatch(/mistake of aideploy: the probe did not end/);
  });

  test('a probe that throws is a mistake of ours', async () => {
    const [result] = await running([planned('a', () => Promise.reject(new TypeError('x is undefined')))]);
    expect(result).toMatchObject({
      status: 'error',
      message: expect.stringMatching(/mistake of aideploy: x is undefined/),
    });
  });

  test('one deadline ends them all', async () => {
    const slow = (id: string) =>
      planned(id, ({ signal }) => sleep(5_000, fail(NO), { signal }).catch(() => fail(NO)), {
        timeout: 10_000,
      });
    const started = performance.now();
    const results = await running([slow('a'), slow('b'), planned('c', () => pass('yes'))], {
      deadline: 200,
      wait: 4_000,
    });
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(results.map(({ status }) => status)).toEqual(['error', 'error', 'pass']);
    expect(results[0]?.message).toMatch(/time for the whole run was over/);
  });

  test('what was seen before it was over stands', async () => {
    const look: Look = ({ number, signal }) =>
      number === 1
        ? fail({ ...NO, observed: 'down' })
        : sleep(5_000, fail(NO), { signal }).catch(() => fail(NO));
    const [result] = await running([planned('a', look, { timeout: 9_000 })], {
      deadline: 1_000,
      wait: 4_000,
    });
    expect(result).toMatchObject({ status: 'fail', observed: 'down', attempts: 2 });
  });

  test('an interruption keeps what was seen', async () => {
    const controller = new AbortController();
    const results = running(
      [
        planned('done', () => pass('yes')),
        planned('open', ({ signal }) => sleep(5_000, pass('late'), { signal }).catch(() => fail(NO)), {
          timeout: 9_000,
        }),
      ],
      { signal: controller.signal },
    );
    await sleep(50);
    controller.abort();
    expect((await results).map(({ id, status }) => [id, status])).toEqual([
      ['done', 'pass'],
      ['open', 'error'],
    ]);
    expect((await results)[1]?.message).toMatch(/^Interrupted/);
  });

  test('many run at once, and not too many', async () => {
    let now = 0;
    let most = 0;
    const look: Look = async () => {
      most = Math.max(most, ++now);
      await sleep(100);
      now--;
      return pass('yes');
    };
    const started = performance.now();
    await running(Array.from({ length: 40 }, (_, i) => planned(`p${i}`, look)));
    expect(most).toBe(16);
    expect(performance.now() - started).toBeLessThan(40 * 100);
  });

  test('while waiting, the others begin when the gates have passed', async () => {
    const order: string[] = [];
    const gate = planned('gate', sequence(fail(NO), fail(NO), pass('yes')), { gate: true });
    const tell = { onEnd: ({ id }: ProbeResult) => void order.push(id) };
    const results = await running([planned('other', () => pass('yes')), gate], { wait: 2_000, ...tell });
    expect(order).toEqual(['gate', 'other']);
    // In the order of the plan, whoever ended first.
    expect(results.map(({ id }) => id)).toEqual(['other', 'gate']);
  });
});

test('nothing is paid for where the gates stay closed', async () => {
  let paid = 0;
  const smoke = planned(
    'smoke',
    () => {
      paid++;
      return pass('yes');
    },
    { once: true },
  );
  const results = await running([smoke, planned('gate', () => fail(NO), { gate: true })], { wait: 200 });
  expect(results).toMatchObject([
    { id: 'smoke', status: 'skip', message: 'not asked, since gate did not pass' },
    { id: 'gate', status: 'fail' },
  ]);
  expect(paid).toBe(0);
});

test('secrets are nowhere in what was seen', async () => {
  const look: Look = () =>
    fail({
      expected: 'x',
      observed: 'sent back: Bearer s3cret-token',
      next: 's3cret-token',
      detail: {
        versions: { 's3cret-token': 1 },
        rollout: [{ kind: 'a', name: 's3cret-token', state: '', good: false }],
      },
    });
  const results = await running([planned('a', look)], { secrets: ['s3cret-token', ''] });
  expect(JSON.stringify(results)).not.toContain('s3cret');
  expect(results[0]?.message).toContain('***');
});

test.each<[Status[], string]>([
  [['pass'], 'pass'],
  [['pass', 'skip'], 'pass'],
  [['pass', 'fail', 'error'], 'fail'],
  [['pass', 'error'], 'inconclusive'],
  [['pass', 'inconclusive'], 'inconclusive'],
  [['skip'], 'inconclusive'],
  [[], 'inconclusive'],
])('%j is %s', (statuses, verdict) => {
  const results = statuses.map(status => ({ status }) as ProbeResult);
  expect(verdictOf(results)).toBe(verdict);
});

describe('the plan', () => {
  const probe = (id: string, ...subjects: (string | undefined)[]): Probe => ({
    id,
    title: '',
    plan: () =>
      subjects.map(subject => ({
        ...(subject !== undefined && { subject }),
        name: '',
        data: undefined,
        ...(id === 'paid' && { once: true as const }),
      })),
    observe: async () => pass(''),
  });
  const probes = [probe('live', 'api', 'web'), probe('dns', undefined), probe('paid', 'chat')];
  const planning = (only: string[], skipped: string[], watching = false) =>
    plan(probes, { target: '', model: undefined, endpoints: [], artifacts: [] }, { watching } as Flags, {
      only,
      skip: skipped,
    });

  test.each<[string[], string[], string[]]>([
    [[], [], ['live/api', 'live/web', 'dns', 'paid/chat']],
    [['live'], [], ['live/api', 'live/web']],
    [['live/web', 'dns'], [], ['live/web', 'dns']],
    [[], ['live'], ['dns', 'paid/chat']],
    [['live'], ['live/api'], ['live/web']],
  ])('--only %j --skip %j', (only, skipped, ids) => {
    expect(planning(only, skipped).map(({ id }) => id)).toEqual(ids);
  });

  test('nothing is paid for while watching', () => {
    expect(planning([], [], true).find(({ id }) => id === 'paid/chat')?.spec.skip).toMatch(
      /never runs while watching/,
    );
  });
});
