import { setTimeout as sleep } from 'node:timers/promises';
import type { Access } from '../deployment.ts';
import { ask, header } from '../http/answer.ts';
import { type Ask, open } from '../http/exchange.ts';
import { readStream, type Seen } from '../stream/read.ts';
import { uptimeIn } from '../uptime.ts';

export interface Rehearsal {
  /** What showed that the service was restarted; undefined where nothing did. */
  readonly restart: string | undefined;
  /** The stream that was open then. */
  readonly stream: Seen | undefined;
  readonly asked: number;
  /** Requests meanwhile that got no connection, or one that was cut. */
  readonly lost: readonly string[];
  /** Requests that were answered with 5xx other than a plain "not ready". */
  readonly refused: number;
}

export interface Scene {
  readonly access: Access;
  readonly ready: string;
  readonly stream: Omit<Ask, 'access' | 'signal'>;
  readonly hold: number;
  readonly signal: AbortSignal;
}

const EVERY = 100;
/** How long all has to be well again before the rehearsal is over. */
const CALM = 3_000;

/** Holds a stream, one after the other, and knocks on new connections, until a restart has come and gone. */
export async function rehearse(scene: Scene): Promise<Rehearsal> {
  const watch = {
    asked: 0,
    lost: [] as string[],
    refused: 0,
    restart: undefined as string | undefined,
    uptime: 0,
    calm: 0,
  };
  let during: Seen | undefined;
  const over = new AbortController();
  const stop = () => over.abort();
  scene.signal.addEventListener('abort', stop, { once: true });
  const isOver = () => over.signal.aborted || scene.signal.aborted;
  const holding = (async () => {
    while (!isOver()) {
      const seen = await holdStream({ ...scene, signal: over.signal });
      // What is broken off here was not cut there.
      if (isOver()) return;
      if (seen && (seen.end === 'cut' || seen.complaint !== undefined))
        watch.restart ??= `a stream ended: ${seen.complaint ?? seen.trouble?.what}`;
      if (watch.restart !== undefined) during ??= seen;
      await sleep(EVERY);
    }
  })();
  while (!isOver()) {
    await knock(scene, watch);
    const isCalm = performance.now() - watch.calm > CALM;
    if (watch.restart !== undefined && during !== undefined && isCalm) stop();
    await sleep(EVERY);
  }
  await holding;
  scene.signal.removeEventListener('abort', stop);
  return {
    restart: watch.restart,
    stream: during,
    asked: watch.asked,
    lost: watch.lost,
    refused: watch.refused,
  };
}

async function holdStream({ access, stream, hold, signal }: Scene): Promise<Seen | undefined> {
  const opened = await open({ ...stream, access, signal });
  if (opened.kind === 'trouble') return undefined;
  if (opened.status === 200 && /event-stream/.test(header(opened.headers, 'content-type') ?? ''))
    return readStream(opened, { hold });
  opened.close();
  return undefined;
}

interface Watch {
  asked: number;
  lost: string[];
  refused: number;
  restart: string | undefined;
  uptime: number;
  calm: number;
}

async function knock({ access, ready, signal }: Scene, watch: Watch): Promise<void> {
  const answer = await ask({
    access,
    path: ready,
    signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
    within: 5_000,
  });
  if (signal.aborted) return;
  watch.asked++;
  const disturbed = (what: string) => {
    watch.restart ??= what;
    watch.calm = performance.now();
  };
  if (answer.kind === 'trouble') {
    watch.lost.push(answer.what);
    return disturbed(`a request ${answer.what}`);
  }
  if (answer.status >= 500) {
    if (!/drain|shut|stopp|start|not.?ready/i.test(answer.text)) watch.refused++;
    return disturbed(`status ${answer.status} of ${ready}`);
  }
  const uptime = uptimeIn(answer.text);
  if (uptime === undefined) return;
  // Whole seconds may be rounded down and up by two replicas.
  if (uptime < watch.uptime - 2) disturbed(`an uptime of ${uptime} s after one of ${watch.uptime} s`);
  watch.uptime = uptime;
}
