import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../platforms/answer.ts';
import { isGone, thisProcess } from './process.ts';
import type { Lease, Store } from './store.ts';

export interface Times {
  /** Between two beats; milliseconds. */
  readonly beat: number;
  /** Without a beat for so long a lease belongs to nobody; milliseconds. */
  readonly holds: number;
}

export const TIMES: Times = { beat: 4_000, holds: 20_000 };

/** Why a run may not go on. */
export interface Loss {
  readonly why: string;
  /** Somebody else has it; what only ran out may be ours again when the platform answers. */
  readonly final: boolean;
}

/** The deployment is ours until it is given up, or until `lost` says what became of it. */
export interface Hold {
  lost(): Loss | undefined;
  giveUp(): Promise<void>;
}

export interface Wish {
  readonly owner: string;
  readonly action: string;
  readonly signal: AbortSignal;
  readonly times: Times;
  say(line: string): void;
}

/** Somebody else works there: alive, as far as anybody can see. */
export interface Busy {
  readonly busy: Lease;
}

/**
 * Takes the lease, or says who has it. No clock is compared with another's: a lease whose beat does not change while
 * this process watches for as long as it holds is nobody's, whatever the time of day is here or there.
 */
export async function hold(store: Store, wish: Wish): Promise<Answer<Hold> | Busy> {
  const process = thisProcess();
  const mine = { token: randomUUID(), owner: wish.owner, action: wish.action, ...(process && { process }) };
  let watched: { readonly lease: Lease; readonly since: number } | undefined;
  for (;;) {
    const { value: seen, obstacle } = await store.lease(wish.signal);
    if (obstacle) return { obstacle };
    if (watched && seen && isSameHolder(watched.lease, seen) && seen.beat !== watched.lease.beat)
      return { busy: seen };
    const free =
      !seen ||
      isGone(seen.process) ||
      (watched && isSame(watched.lease, seen) && since(watched) >= seen.seconds * 1000);
    if (free) {
      const next: Lease = {
        ...mine,
        since: new Date().toISOString(),
        seconds: wish.times.holds / 1000,
        beat: 0,
      };
      const taken = await store.exchange(seen, next, wish.signal);
      if (taken.obstacle) return { obstacle: taken.obstacle };
      if (taken.value) return { value: keep(store, next, wish) };
      watched = undefined;
      continue;
    }
    if (!watched || !isSame(watched.lease, seen)) {
      wish.say(`${seen.owner} has the lock for ${seen.action} since ${seen.since}; looking whether it lives`);
      watched = { lease: seen, since: performance.now() };
    }
    await sleep(Math.min(500, wish.times.beat / 4), undefined, { signal: wish.signal }).catch(
      () => undefined,
    );
    if (wish.signal.aborted) return { busy: seen };
  }
}

const RUN_OUT: Loss = { why: 'the lock could not be kept: it has run out', final: false };

const since = ({ since }: { readonly since: number }) => performance.now() - since;
const isSameHolder = (a: Lease, b: Lease) => a.token === b.token;
const isSame = (a: Lease, b: Lease) => isSameHolder(a, b) && a.beat === b.beat;

function keep(store: Store, taken: Lease, { times }: Wish): Hold {
  let mine = taken;
  let lost: Loss | undefined;
  let proven = performance.now();
  let beating = Promise.resolve();
  const ended = new AbortController();
  const beat = async () => {
    const next = { ...mine, beat: mine.beat + 1 };
    const { value, obstacle } = await store.exchange(mine, next, ended.signal);
    if (ended.signal.aborted) return;
    if (value) {
      mine = next;
      proven = performance.now();
    } else if (!obstacle) {
      // An answer that got lost on its way looks like somebody else's lease, and may be ours.
      const { value: now, obstacle: unread } = await store.lease(ended.signal);
      if (unread) return;
      if (now && isSameHolder(now, mine)) mine = now;
      else
        lost = {
          why: now ? `${now.owner} took the lock for ${now.action}` : 'somebody broke the lock',
          final: true,
        };
    }
  };
  const timer = setInterval(() => {
    beating = beating.then(beat);
  }, times.beat);
  return {
    lost: () => lost ?? (performance.now() - proven > times.holds ? RUN_OUT : undefined),
    async giveUp() {
      clearInterval(timer);
      await beating;
      ended.abort();
      if (lost === undefined) await store.exchange(mine, undefined, AbortSignal.timeout(times.holds));
    },
  };
}
