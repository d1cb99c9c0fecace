import { setTimeout as sleep } from 'node:timers/promises';
import type { Obstacle } from '../../../platforms/answer.ts';
import type { Control, StepEnd } from '../../strategy.ts';

/** Often at first, since most waits are short; and a cluster that takes minutes is not asked four times a second. */
const pauseAfter = (waited: number): number => Math.min(2_000, Math.max(250, waited / 10));
/** Looks that are further apart are not of one wait. */
const FORGOTTEN = 30_000;
export const INTERRUPTED: Obstacle = { why: 'interrupted', next: 'run it again: it goes on from there' };

/** What was seen: the end, or what is still to come, for a person. */
export type Look = { readonly end: StepEnd } | { readonly coming: string };

export const obstructed = (obstacle: Obstacle): { end: StepEnd } => ({
  end: { status: 'obstructed', obstacle },
});

/** Looks again and again until there is an end, and says what is waited for whenever that changes. */
export async function untilEnd({ signal, say }: Control, look: () => Promise<Look>): Promise<StepEnd> {
  const start = performance.now();
  let last = '';
  while (!signal.aborted) {
    const seen = await look();
    if ('end' in seen) return seen.end;
    if (seen.coming !== last && seen.coming !== '') say(seen.coming);
    last = seen.coming;
    await sleep(pauseAfter(performance.now() - start), undefined, { signal }).catch(() => undefined);
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
    const first = before && now - before.last < FORGOTTEN ? before.first : now;
    seen.set(what, { first, last: now });
    return now - first;
  };
}
