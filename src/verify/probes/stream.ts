import type { Deployment, Endpoint, StreamExpectation } from '../deployment.ts';
import { busyAnswer } from '../health/busy.ts';
import { subjectOf } from '../health/questions.ts';
import { collect, header, quote } from '../http/answer.ts';
import { type Opened, open } from '../http/exchange.ts';
import { failFor } from '../http/trouble.ts';
import { type Flags, fail, type Observation, type Probe, type ProbeSpec, undecided } from '../probe.ts';
import { statusObjection } from '../smoke/expectation.ts';
import { withoutSecrets } from '../smoke/missing.ts';
import { MARGIN, smokesOf } from '../smoke/plan.ts';
import type { SmokeRequest } from '../smoke/request.ts';
import { type Demands, judgeStream } from '../stream/judge.ts';
import { readStream } from '../stream/read.ts';

interface Asked {
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

export const stream: Probe<Asked> = {
  id: 'stream',
  title: 'events arrive one by one, in time, without gaps, and end cleanly; past 60 s with --long',
  plan: (deployment, flags) => [...smokes(deployment, flags), ...paths(deployment, flags)],
  async observe({ data }, attempt) {
    const { endpoint, request, expect, demands, hold } = data;
    const unsent = withoutSecrets(request);
    if (unsent) return unsent;
    const { method, path, headers, body } = request;
    const asked = `${method} ${path}`;
    const sent = { access: endpoint.access, method, path, headers, ...(body !== undefined && { body }) };
    const opened = await open({ ...sent, signal: attempt.signal, within: hold });
    if (opened.kind === 'trouble') return failFor(asked, opened, 'an event stream');
    const refusal = await refused(opened, data, asked);
    if (refusal) return refusal;
    return judgeStream(asked, await readStream(opened, { hold }), { ...demands, text: expect.text });
  },
};

/** What is no event stream, told by its status and its type before any of it is read. */
async function refused(
  opened: Opened,
  { expect, guessed }: Asked,
  asked: string,
): Promise<Observation | undefined> {
  const type = header(opened.headers, 'content-type') ?? 'none';
  const isStream = /^text\/event-stream\b/i.test(type);
  const wanted = [expect.status].flat();
  if (wanted.includes(opened.status) && isStream) return undefined;
  const answer = await collect(opened);
  if (answer.kind === 'trouble') return failFor(asked, answer, 'an event stream');
  const busy = busyAnswer(answer, asked, 'an event stream');
  if (busy) return busy;
  if (guessed && answer.status >= 400 && answer.status < 500)
    return undecided({
      expected: 'an event stream',
      observed: `${asked} was answered with ${answer.status}: ${quote(answer.text)}`,
      next: 'add a smoke with expect.sse that says how the stream is asked for',
    });
  const objection = statusObjection(answer, expect);
  if (objection) return fail({ ...objection, observed: `${asked}: ${objection.observed}` });
  return fail({
    expected: 'Content-Type: text/event-stream',
    observed: `${asked} has ${type}: ${quote(answer.text)}`,
    next: 'set the type in the service: browsers and proxies treat nothing else as a stream',
  });
}

const USUAL = { firstEvent: 30_000, idle: 60_000, heartbeat: 60_000 };

function smokes(deployment: Deployment, flags: Flags): ProbeSpec<Asked>[] {
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
function paths({ endpoints }: Deployment, { long }: Flags): ProbeSpec<Asked>[] {
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
): ProbeSpec<Asked> {
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
