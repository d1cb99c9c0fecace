import type { Access } from '../deployment.ts';
import { type Answer, ask, header } from '../http/answer.ts';
import type { Trouble } from '../http/trouble.ts';

const MOST = 16 * 1024 * 1024;

/** One scrape, with what Prometheus says it takes. */
export const scrape = (
  access: Access,
  url: URL,
  signal: AbortSignal,
  within: number,
): Promise<Answer | Trouble> => ask({ access, path: url, headers: { accept: ACCEPT }, signal, within }, MOST);

const ACCEPT = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.9,*/*;q=0.1';

/** Prometheus 3 refuses an answer whose type it does not know. */
export function isScrapeType({ headers }: Answer): boolean {
  const type = header(headers, 'content-type') ?? '';
  return /^(?:text\/plain|application\/openmetrics-text)\b/i.test(type);
}
