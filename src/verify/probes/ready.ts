import { setTimeout as sleep } from 'node:timers/promises';
import { lookAtHealth, type Question } from '../health/look.ts';
import { questionsOf } from '../health/questions.ts';
import { fail, type Observation, type Probe } from '../probe.ts';

/** One yes may be luck: behind one address may be several replicas, and one may come and go. */
const READS = 5;
const BETWEEN = 40;

export const ready: Probe<Question> = {
  id: 'ready',
  title: 'the service says that it takes requests, each time of several',
  plan: ({ endpoints }, flags) =>
    questionsOf(endpoints, 'ready', flags).map(spec => ({ ...spec, gate: true })),
  async observe({ data }, attempt) {
    let last: Observation | undefined;
    for (let read = 1; read <= READS; read++) {
      const seen = await lookAtHealth(data, attempt);
      if (seen.status !== 'pass') return last && seen.status === 'fail' ? flapping(read, seen) : seen;
      last = seen;
      if (read < READS) await sleep(BETWEEN);
    }
    return last ?? fail(NEVER);
  },
};

const NEVER = { expected: 'an answer', observed: 'nothing was asked', next: 'report this' };

const flapping = (
  read: number,
  { observed = '', next = '', expected = '', detail }: Observation,
): Observation =>
  fail({
    expected: `${expected}, ${READS} times in a row`,
    observed: `it said yes ${read - 1} times and then no: ${observed}`,
    next: `find the replica that is not ready, or what makes it come and go; ${next}`,
    ...(detail && { detail }),
  });
