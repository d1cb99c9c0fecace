import { type Answer, header, quote } from '../http/answer.ts';
import { type Observation, undecided } from '../probe.ts';
import { readBody } from './body.ts';

const SAYS_BUSY = /\bbusy\b|overload|too many|queue|capacity|rate.?limit|try again later/i;
/** Where nothing says how long to wait. */
const USUAL_WAIT = 1_000;
const LONGEST_WAIT = 60_000;

/** Milliseconds after which a busy service wants to be asked again; undefined where it is not busy. */
export function busyFor({
  status,
  headers,
  text,
}: Pick<Answer, 'status' | 'headers' | 'text'>): number | undefined {
  const retryAfter = header(headers, 'retry-after');
  const wait = Math.min(waitOf(retryAfter), LONGEST_WAIT);
  if (status === 429) return wait;
  if (status !== 503) return undefined;
  if (SAYS_BUSY.test(text.slice(0, 2_000))) return wait;
  const { meaning } = readBody(text, header(headers, 'content-type') ?? '', 'ready');
  return retryAfter !== undefined && (meaning === 'silent' || meaning === 'page') ? wait : undefined;
}

function waitOf(retryAfter: string | undefined): number {
  if (retryAfter === undefined) return USUAL_WAIT;
  const wait = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(wait) && wait > 0 ? wait : USUAL_WAIT;
}

/** Too busy to answer is not down, and no yes either. */
export function busyAnswer(answer: Answer, asked: string, expected: string): Observation | undefined {
  const wait = busyFor(answer);
  if (wait === undefined) return undefined;
  return undecided({
    expected,
    observed: `${asked} was answered with ${answer.status}: busy, ask again in ${Math.ceil(wait / 1_000)} s (${quote(answer.text)})`,
    next: 'it is up and has more to do than it takes: wait with --wait, give it more replicas, or raise its limits',
    retryAfter: wait,
  });
}
