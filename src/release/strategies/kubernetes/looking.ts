import { setTimeout as sleep } from 'node:timers/promises';
import type { Obstacle } from '../../../platforms/answer.ts';
import type { Control, StepEnd } from '../../strategy.ts';

export const PAUSE = 1_000;
export const INTERRUPTED: Obstacle = { why: 'interrupted', next: 'run it again: it goes on from there' };

/** What was seen: the end, or what is still to come, for a person. */
export type Look = { readonly end: StepEnd } | { readonly coming: string };

export const obstructed = (obstacle: Obstacle): { end: StepEnd } => ({
  end: { status: 'obstructed', obstacle },
});

/** Looks again and again until there is an end, and says what is waited for whenever that changes. */
export async function untilEnd({ signal, say }: Control, look: () => Promise<Look>): Promise<StepEnd> {
  let last = '';
  while (!signal.aborted) {
    const seen = await look();
    if ('end' in seen) return seen.end;
    if (seen.coming !== last && seen.coming !== '') say(seen.coming);
    last = seen.coming;
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
  return obstructed(INTERRUPTED).end;
}

/** Since when this run has seen something: no clock but its own measures that. */
export type Since = (what: string) => number;

/** Milliseconds since something was first asked for, unless nobody asked for long: then it was over meanwhile. */
export function stopwatch(): Since {
  const seen = new Map<string, { first: number; last: number }>();
  return what => {
    const now = performance.now();
    const before = seen.get(what);
    const first = before && now - before.last < 30 * PAUSE ? before.first : now;
    seen.set(what, { first, last: now });
    return now - first;
  };
}
