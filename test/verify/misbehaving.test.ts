import { expect, test } from 'vitest';
import { ANSWERS } from './misbehaving/answers.ts';
import type { Scenario } from './misbehaving/scenario.ts';
import { STREAMS } from './misbehaving/streams.ts';
import { TRANSPORT } from './misbehaving/transport.ts';
import { probeOf, verifying } from './run.ts';

const SCENARIOS: readonly Scenario[] = [...ANSWERS, ...STREAMS, ...TRANSPORT];

test('there are many ways, and each has a name of its own', () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(80);
});

/** A machine that others use too is slow now and then; what hangs takes the whole time of an attempt, and no more. */
const SLACK = 10_000;

test.concurrent.each(SCENARIOS)('$name', async ({ start, probe, status, message, within = 3_000 }) => {
  const asked = await start();
  const started = performance.now();
  const verification = await verifying({ only: [probe.split('/')[0] ?? ''], ...asked });
  const took = performance.now() - started;
  const seen = probeOf(verification, probe);
  expect({ ...seen, message: seen.message }).toMatchObject({
    status,
    message: expect.stringMatching(message),
  });
  expect(verification.verdict).toBe(status === 'fail' ? 'fail' : 'inconclusive');
  expect(took).toBeLessThan(within + SLACK);
  if (status === 'fail') {
    expect(seen.expected).toMatch(/\S/);
    expect(seen.observed).toMatch(/\S/);
    expect(seen.next).toMatch(/\S/);
  }
});

test('all of it in bounded memory', () => {
  // A bomb of 256 MiB and endless bodies were among them.
  expect(process.memoryUsage().rss).toBeLessThan(900 * 2 ** 20);
});
