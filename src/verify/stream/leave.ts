import type { Endpoint } from '../deployment.ts';
import { open } from '../http/exchange.ts';
import { failFor } from '../http/trouble.ts';
import { readExposition } from '../metrics/exposition.ts';
import { scrape } from '../metrics/scrape.ts';
import { type Attempt, type Observation, undecided } from '../probe.ts';
import type { SmokeRequest } from '../smoke/request.ts';

export interface Leaving {
  readonly endpoint: Endpoint;
  /** Where the service tells its metrics. */
  readonly url: URL;
  readonly request: SmokeRequest;
  readonly timeout: number;
}

/** How programs call a counter of streams whose client left. */
const COUNTER = /disconnect|client_(?:closed|gone|left|abort)|cancel/;

/** How many clients left a stream, by the service's own count; undefined where it has none. */
export async function departures(
  { endpoint, url, timeout }: Leaving,
  { signal }: Attempt,
): Promise<{ name: string; total: number } | undefined> {
  const answer = await scrape(endpoint.access, url, signal, timeout);
  if (answer.kind === 'trouble' || answer.status !== 200) return undefined;
  const { totals } = readExposition(answer.text);
  const name = [...totals.keys()].find(each => COUNTER.test(each) && /_total$/.test(each));
  return name === undefined ? undefined : { name, total: totals.get(name) ?? 0 };
}

/** Opens the stream, reads its first piece, and what comes in the time after it, and is gone. */
export async function leave(
  { endpoint, request }: Leaving,
  { signal }: Attempt,
  after = 0,
): Promise<'left' | Observation> {
  const { method, path, headers, body } = request;
  const opened = await open({ access: endpoint.access, method, path, headers, body, signal });
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
