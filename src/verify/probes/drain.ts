import type { Endpoint } from '../deployment.ts';
import { type Rehearsal, rehearse } from '../drain/rehearsal.ts';
import { subjectOf } from '../health/questions.ts';
import { fail, type Observation, type Probe, pass, undecided } from '../probe.ts';
import { requestOf, type SmokeRequest } from '../smoke/request.ts';
import { detailOf } from '../stream/judge.ts';

interface Asked {
  readonly endpoint: Endpoint;
  readonly ready: string;
  readonly request: SmokeRequest;
  readonly hold: number;
}

/** For whoever restarts the service meanwhile. */
const TO_RESTART = 300_000;

export const drain: Probe<Asked> = {
  id: 'drain',
  title:
    'a stream held over a restart ends cleanly, and no connection is refused meanwhile; only with --drain',
  plan: ({ endpoints, model }, { drain: wanted, env }) =>
    endpoints.flatMap(endpoint => {
      const { ready, stream, smoke } = endpoint;
      if (!wanted || ready === undefined) return [];
      const spec = {
        ...subjectOf(endpoint),
        name: `${endpoint.service ?? 'the service'}: a stream over a restart (restart it now)`,
        timeout: TO_RESTART,
      };
      const free = smoke.find(({ expect, paid }) => expect.sse && !paid);
      const path = stream?.kind === 'sse' ? stream.paths[0] : undefined;
      const plain = path && {
        method: 'GET',
        path,
        headers: { accept: 'text/event-stream' },
        body: undefined,
        missing: [],
      };
      const request = free ? requestOf(free, endpoint, model, env) : plain;
      const data = { endpoint, ready, hold: stream?.maxDuration ?? TO_RESTART };
      return request
        ? [{ ...spec, data: { ...data, request } }]
        : [
            {
              ...spec,
              data: { ...data, request: NOTHING },
              skip: 'no stream that costs nothing; add a smoke with expect.sse',
            },
          ];
    }),
  async observe({ data: { endpoint, ready, request, hold } }, { signal }) {
    const { method, path, headers, body } = request;
    const stream = { method, path, headers, body };
    return judge(
      await rehearse({ access: endpoint.access, ready, stream, hold, signal }),
      `${method} ${path}`,
    );
  },
};

const NOTHING: SmokeRequest = { method: 'GET', path: '/', headers: {}, body: undefined, missing: [] };

function judge({ restart, stream, asked, lost, refused }: Rehearsal, path: string): Observation {
  if (restart === undefined)
    return undecided({
      expected: 'a restart',
      observed: `none was seen in ${asked} requests`,
      next: 'restart the service while this waits, and let its health body say its uptime',
    });
  const expected = 'a clean end of the open stream, and no request lost';
  if (lost.length > 0 || refused > 0)
    return fail({
      expected,
      observed: `${lost.length + refused} of ${asked} requests were lost (${lost[0] ?? `${refused} x 5xx`})`,
      next: 'let the old instance serve until the new one is in rotation: drainDelay, two instances, readiness before the stop',
    });
  if (!stream)
    return undecided({
      expected: 'an open stream',
      observed: `${path} was not open when the restart came (${restart})`,
      next: 'use a smoke that streams for longer',
    });
  const detail = { stream: detailOf(stream) };
  if (stream.end === 'cut' || stream.unfinished)
    return fail({
      expected,
      observed: `${path} was cut after ${stream.events} events: ${stream.trouble?.what ?? 'in the middle of an event'}`,
      next: 'compare timeouts.drain with the time that the platform leaves between SIGTERM and SIGKILL (`aideploy check --explain shutdown`)',
      detail,
    });
  return pass(
    `${path}: ${stream.events} events and a clean end over a restart, ${asked} requests meanwhile, none lost`,
    detail,
  );
}
