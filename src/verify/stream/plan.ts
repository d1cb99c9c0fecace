import type { Deployment, Endpoint, StreamExpectation } from '../deployment.ts';
import { subjectOf } from '../health/questions.ts';
import type { Flags, ProbeSpec } from '../probe.ts';
import { MARGIN, smokesOf } from '../smoke/plan.ts';
import type { SmokeRequest } from '../smoke/request.ts';
import type { Demands } from './judge.ts';

/** A stream to ask for, and what it has to do. */
export interface StreamData {
  readonly endpoint: Endpoint;
  readonly request: SmokeRequest;
  readonly expect: Endpoint['smoke'][number]['expect'];
  readonly demands: Demands;
  /** Milliseconds after which it is let go. */
  readonly hold: number;
  /** Nobody said how it is to be asked. */
  readonly guessed: boolean;
}

/** Past the 60 s after which proxies, ingresses and load balancers cut what they were not told of. */
const LONG = 65_000;
/** A stream that nobody said an end of is let go after this. */
const ENOUGH = 10_000;

/** The streams of a deployment: those that smokes ask for, and paths that none does. */
export const streamsOf = (deployment: Deployment, flags: Flags): ProbeSpec<StreamData>[] => [
  ...smokes(deployment, flags),
  ...paths(deployment, flags),
];

const USUAL = { firstEvent: 30_000, idle: 60_000, heartbeat: 60_000 };

function smokes(deployment: Deployment, flags: Flags): ProbeSpec<StreamData>[] {
  return smokesOf(deployment, flags, 'streaming').map(({ data: { endpoint, smoke, request }, ...spec }) => {
    const demands: Demands = {
      expectation: endpoint.stream ?? USUAL,
      minEvents: smoke.expect.sse?.minEvents ?? 1,
      end: smoke.expect.sse?.end,
      text: smoke.expect.text,
      mustLast: flags.long ? LONG - 5_000 : 0,
      mustEnd: !flags.long,
    };
    const hold = flags.long ? Math.max(smoke.within, LONG) : smoke.within;
    const data = { endpoint, request, expect: smoke.expect, demands, hold, guessed: false };
    return { ...spec, data, timeout: hold + MARGIN };
  });
}

/** Streams that no smoke asks for: a plain GET, as a browser's EventSource makes it. */
function paths({ endpoints }: Deployment, { long }: Flags): ProbeSpec<StreamData>[] {
  return endpoints.flatMap(endpoint => {
    const { stream: expectation, smoke } = endpoint;
    if (expectation?.kind !== 'sse') return [];
    const asked = smoke.filter(({ expect }) => expect.sse).map(({ path }) => path.replace(/\?.*$/, ''));
    const open = expectation.paths.filter(path => !asked.includes(path.replace(/\?.*$/, '')));
    return open.map((path, i) =>
      specOf(path, expectation, endpoint, long, open.length > 1 ? `-${i + 1}` : ''),
    );
  });
}

function specOf(
  path: string,
  expectation: StreamExpectation,
  endpoint: Endpoint,
  long: boolean,
  suffix: string,
): ProbeSpec<StreamData> {
  const hold = Math.min(long ? LONG : ENOUGH, expectation.maxDuration);
  const demands = {
    expectation,
    minEvents: 1,
    end: undefined,
    text: undefined,
    mustLast: long ? LONG - 5_000 : 0,
    mustEnd: false,
  };
  const request = {
    method: 'GET',
    path,
    headers: { accept: 'text/event-stream' },
    body: undefined,
    missing: [],
  };
  return {
    subject: `${subjectOf(endpoint).subject ?? 'path'}${suffix}`,
    name: `${endpoint.service ?? 'the service'}: GET ${path}`,
    data: { endpoint, request, expect: { status: 200 }, demands, hold, guessed: true },
    timeout: hold + MARGIN,
  };
}
