import type { Access } from '../deployment.ts';
import { subjectOf } from '../health/questions.ts';
import { type Sample, sample } from '../load/sample.ts';
import { createShare } from '../load/share.ts';
import { fail, type Observation, type Probe, pass, undecided } from '../probe.ts';
import type { LatencyDetail } from '../verification.ts';

interface Asked {
  readonly access: Access;
  readonly path: string;
  readonly samples: number;
  readonly concurrency: number;
  readonly timeout: number;
  readonly objectives: { readonly latencyP95: number; readonly errorRate: number };
}

/** A 95th percentile of fewer is the slowest of them, and says nothing. */
const FEWEST = 20;
const USUAL = { latencyP95: 3_000, errorRate: 0.01 };
/** Time for the whole sample, where each request takes long. */
const SHORTEST = 10_000;
const LONGEST = 600_000;

export const latency: Probe<Asked> = {
  id: 'latency',
  title: 'a sample of requests keeps the objectives of latency and of errors',
  plan: ({ endpoints }, { samples, concurrency, timeout }) =>
    endpoints.flatMap(endpoint => {
      const { access, ready, live, objectives = USUAL, service } = endpoint;
      const path = ready ?? live;
      if (path === undefined) return [];
      return [
        {
          ...subjectOf(endpoint),
          name: `${service ?? 'the service'}: ${samples} x GET ${path}, ${concurrency} at once`,
          data: { access, path, samples, concurrency, timeout, objectives },
          timeout: Math.min(LONGEST, Math.max(SHORTEST, (samples / concurrency) * objectives.latencyP95)),
        },
      ];
    }),
  async observe({ data }, { signal }) {
    return judge(await sample({ ...data, signal }), data);
  },
};

const round = (milliseconds: number) => Math.round(milliseconds * 100) / 100;

function detailOf({ latencies, requests, errors }: Sample, objective: number): LatencyDetail {
  const at = (share: number) => round(latencies.quantile(share));
  return {
    requests,
    errors,
    min: round(latencies.min),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: round(latencies.max),
    objective,
    buckets: latencies.outline(),
  };
}

function judge(seen: Sample, { objectives, path, samples }: Asked): Observation {
  const detail = { latency: detailOf(seen, objectives.latencyP95) };
  const { p50, p95, p99 } = detail.latency;
  const figures = `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms of ${seen.latencies.count} answers`;
  const asked = `${seen.requests} x GET ${path}`;
  const errors = createShare(seen.errors, seen.requests);
  const errorGoal = `at most ${objectives.errorRate * 100} % errors`;
  const wrong = {
    observed: `${asked}: ${seen.errors} errors, the first: ${seen.firstError}`,
    expected: errorGoal,
    detail,
  };
  if (errors.surelyAbove(objectives.errorRate))
    return fail({ ...wrong, next: 'look at the logs of the service and of the proxy at this time' });
  if (seen.busy > 0 && seen.latencies.count < Math.max(FEWEST, seen.requests / 2))
    return undecided({
      expected: 'answers',
      observed: `${asked}: ${seen.busy} were answered busy (429, or 503 with Retry-After)`,
      next: 'it is up and has more to do than it takes: ask for fewer with --concurrency, or later',
      detail,
    });
  if (seen.latencies.count >= FEWEST && p95 > objectives.latencyP95)
    return fail({
      expected: `p95 of at most ${objectives.latencyP95} ms`,
      observed: `${asked}: ${figures}`,
      next: 'look for what is slow on the way: compare with the same request beside the service',
      detail,
    });
  if (errors.above(objectives.errorRate))
    return undecided({ ...wrong, next: 'too few requests to tell: ask for more with --samples' });
  if (seen.latencies.count < FEWEST)
    return undecided({
      expected: `${FEWEST} answers or more`,
      observed: `${asked}: ${seen.latencies.count} answers${samples < FEWEST ? '' : ' in time'}`,
      next: 'ask for more with --samples',
      detail,
    });
  return pass(
    `${asked}: ${figures}, ${seen.errors} errors${seen.busy > 0 ? `, ${seen.busy} busy` : ''}`,
    detail,
  );
}
