import { setTimeout as sleep } from 'node:timers/promises';
import { subjectOf } from '../health/questions.ts';
import { fail, type Probe, pass } from '../probe.ts';
import { requestOf } from '../smoke/request.ts';
import { departures, type Leaving, leave } from '../stream/leave.ts';

const EVERY = 200;
/** A server notices when it writes the next event or heartbeat. */
const PATIENCE = 5_000;
/** A stream that is over sooner may have ended before its server could notice anything. */
const MIDDLE = 1_000;

export const streamLeave: Probe<Leaving> = {
  id: 'stream-leave',
  title: 'the service notices a client that leaves a stream, by its own metrics, and stops working for it',
  plan: ({ endpoints, model }, { timeout, env }) =>
    endpoints.flatMap(endpoint => {
      const { access, metrics: url, smoke, stream } = endpoint;
      if (access.public || !url || stream?.kind !== 'sse') return [];
      const free = smoke.find(({ expect, paid }) => expect.sse && !paid);
      const [path] = stream.paths;
      const plain =
        path === undefined
          ? undefined
          : { method: 'GET', path, headers: { accept: 'text/event-stream' }, body: undefined, missing: [] };
      const request = free ? requestOf(free, endpoint, model, env) : plain;
      if (!request) return [];
      const name = `${endpoint.service ?? 'the service'}: a client leaves ${request.path}`;
      return [
        {
          ...subjectOf(endpoint),
          name,
          data: { endpoint, url, request, timeout },
          timeout: timeout + 2 * PATIENCE,
        },
      ];
    }),
  async observe({ data }, attempt) {
    const before = await departures(data, attempt);
    if (before === undefined)
      return {
        status: 'skip',
        message: `${data.url.pathname} has no counter of clients that left, such as ai_stream_disconnects_total`,
      };
    const left = await leave(data, attempt);
    if (left !== 'left') return left;
    const deadline = performance.now() + PATIENCE;
    while (performance.now() < deadline && !attempt.signal.aborted) {
      await sleep(EVERY);
      const now = await departures(data, attempt);
      if (now && now.total > before.total)
        return pass(`${before.name} rose from ${before.total} to ${now.total} after a client left`);
    }
    const longer = await leave(data, attempt, MIDDLE);
    if (longer !== 'left') return longer;
    return fail({
      expected: `${before.name} to rise within ${PATIENCE} ms`,
      observed: `it stayed ${before.total} after a client left ${data.request.path} in the middle`,
      next: 'end the work of a stream whose connection closes: it pays for tokens that nobody reads; through a proxy check that it passes the end on',
    });
  },
};
