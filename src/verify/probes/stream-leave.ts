import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../deployment.ts';
import { subjectOf } from '../health/questions.ts';
import { open } from '../http/exchange.ts';
import { failFor } from '../http/trouble.ts';
import { readExposition } from '../metrics/exposition.ts';
import { scrape } from '../metrics/scrape.ts';
import { type Attempt, fail, type Observation, type Probe, pass, undecided } from '../probe.ts';
import { requestOf, type SmokeRequest } from '../smoke/request.ts';

interface Asked {
  readonly endpoint: Endpoint;
  readonly url: URL;
  readonly request: SmokeRequest;
  readonly timeout: number;
}

/** How programs call a counter of streams whose client left. */
const COUNTER = /disconnect|client_(?:closed|gone|left|abort)|cancel/;
const EVERY = 200;
/** A server notices when it writes the next event or heartbeat. */
const PATIENCE = 5_000;
/** A stream that is over sooner may have ended before its server could notice anything. */
const MIDDLE = 1_000;

export const streamLeave: Probe<Asked> = {
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

async function departures(
  { endpoint, url, timeout }: Asked,
  { signal }: Attempt,
): Promise<{ name: string; total: number } | undefined> {
  const answer = await scrape(endpoint.access, url, signal, timeout);
  if (answer.kind === 'trouble' || answer.status !== 200) return undefined;
  const { totals } = readExposition(answer.text);
  const name = [...totals.keys()].find(each => COUNTER.test(each) && /_total$/.test(each));
  return name === undefined ? undefined : { name, total: totals.get(name) ?? 0 };
}

/** Opens the stream, reads its first piece, and what comes in the time after it, and is gone. */
async function leave(
  { endpoint, request }: Asked,
  { signal }: Attempt,
  after = 0,
): Promise<'left' | Observation> {
  const { method, path, headers, body } = request;
  const opened = await open({
    access: endpoint.access,
    method,
    path,
    headers,
    ...(body !== undefined && { body }),
    signal,
  });
  if (opened.kind === 'trouble') return failFor(`${method} ${path}`, opened, 'an event stream');
  const unlike = {
    expected: `a stream that is still open ${after > 0 ? `${after} ms after` : 'after'} its first piece`,
    next: 'see what the probe stream says of it, or use a smoke that streams for longer',
  };
  if (opened.status !== 200) {
    opened.close();
    return undecided({ ...unlike, observed: `${method} ${path} was answered with ${opened.status}` });
  }
  let timer: NodeJS.Timeout | undefined;
  let left = false;
  const go = () => {
    left = true;
    opened.close();
  };
  try {
    for await (const _ of opened.body) {
      if (after === 0) return 'left';
      timer ??= setTimeout(go, after);
    }
  } catch {
    // It is judged by the probe of streams.
  } finally {
    clearTimeout(timer);
    opened.close();
  }
  if (left) return 'left';
  const over = `${method} ${path} was over ${after > 0 ? `within ${after} ms` : 'at once'}`;
  return {
    status: 'skip',
    message: `${over}: nobody can leave it in the middle; a smoke that streams for longer could`,
  };
}
