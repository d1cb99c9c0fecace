import { setMaxListeners } from 'node:events';
import { redact } from '../exec/command.ts';
import type { Planned } from './plan.ts';
import type { Observation } from './probe.ts';
import { createQueue } from './queue.ts';
import type { ProbeResult, Status, Verdict } from './verification.ts';

export interface RunOptions {
  /** Aborted when the user interrupts: what was seen so far is the answer. */
  readonly signal: AbortSignal;
  /** Milliseconds that a probe may go on asking until it passes; 0 asks once. */
  readonly wait: number;
  /** Milliseconds between two attempts. */
  readonly interval: number;
  /** Milliseconds of one attempt of a probe that says nothing else. */
  readonly timeout: number;
  /** Milliseconds for everything. */
  readonly deadline: number;
  /** Attempts of one probe. */
  readonly attempts: number;
  /** Values that no message may show. */
  readonly secrets: readonly string[];
  readonly onStart?: (id: string, name: string) => void;
  readonly onEnd?: (result: ProbeResult) => void;
}

const AT_ONCE = 16;
/** A short burst is over by then: busy answers are asked again also where nobody said --wait. */
const PATIENCE_WITH_BUSY = 5_000;
/** What an attempt gets to notice that it was aborted. */
const GRACE = 500;

export async function run(planned: readonly Planned[], options: RunOptions): Promise<ProbeResult[]> {
  const started = performance.now();
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const onInterrupt = () => stop.abort('interrupted');
  const timer = setTimeout(() => stop.abort('out of time'), options.deadline);
  options.signal.addEventListener('abort', onInterrupt, { once: true });
  if (options.signal.aborted) onInterrupt();
  const enqueue = createQueue(AT_ONCE);
  const perform = (some: readonly Planned[]) =>
    Promise.all(some.map(each => enqueue(() => settle(each, options, started, stop.signal))));
  try {
    // While nobody waits everything is asked at once; else first whether there is anybody to ask.
    const gates = options.wait > 0 ? planned.filter(({ spec }) => spec.gate) : [];
    const first = await perform(gates);
    const closed = first.find(({ status }) => status !== 'pass' && status !== 'skip');
    const others = planned.filter(each => !gates.includes(each)).map(each => heldBack(each, closed));
    const results = [...first, ...(await perform(longestFirst(others, options.timeout)))];
    // As they were planned, whoever ended first.
    return planned.flatMap(({ id }) => results.find(result => result.id === id) ?? []);
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', onInterrupt);
  }
}

/** Nothing is paid for where it is known that nobody is there. */
const heldBack = (planned: Planned, closed: ProbeResult | undefined): Planned =>
  closed && planned.spec.once
    ? { ...planned, spec: { ...planned.spec, skip: `not asked, since ${closed.id} did not pass` } }
    : planned;

/** So that the longest is not the last to begin. */
const longestFirst = (planned: readonly Planned[], usual: number) =>
  planned.toSorted((a, b) => (b.spec.timeout ?? usual) - (a.spec.timeout ?? usual));

/** Attempts until it passes or there is no more time: the only place that retries. */
async function settle(
  planned: Planned,
  options: RunOptions,
  runStarted: number,
  stop: AbortSignal,
): Promise<ProbeResult> {
  const { id, probe, spec } = planned;
  const began = performance.now();
  const end = (observation: Observation, attempts: number): ProbeResult => {
    const result = conclude(planned, observation, attempts, { began, runStarted }, options.secrets);
    options.onEnd?.(result);
    return result;
  };
  if (spec.skip !== undefined) return end({ status: 'skip', message: spec.skip }, 0);
  if (stop.aborted) return end(unfinished(stop), 0);
  options.onStart?.(id, spec.name);
  const most = spec.once ? 1 : options.attempts;
  let last: Observation | undefined;
  for (let number = 1; ; number++) {
    const observation = await attempt(
      { probe, spec, number, timeout: spec.timeout ?? options.timeout },
      stop,
    );
    // What an attempt that was broken off says is no observation.
    if (stop.aborted && !isFinal(observation.status)) return end(unfinished(stop, last), number);
    last = observation;
    const pause = pauseAfter(observation, options);
    const busy = observation.retryAfter === undefined ? 0 : began + PATIENCE_WITH_BUSY;
    const outOfTime = performance.now() + pause > Math.max(runStarted + options.wait, busy);
    if (isFinal(observation.status) || number >= most || outOfTime) return end(observation, number);
    await sleep(pause, stop);
    if (stop.aborted) return end(unfinished(stop, last), number);
  }
}

const isFinal = (status: Status) => status === 'pass' || status === 'skip';

/** Half of it at random, so that many probes do not ask in step. */
function pauseAfter({ retryAfter = 0 }: Observation, { interval }: RunOptions): number {
  return Math.max(retryAfter, interval * (0.75 + Math.random() / 2));
}

interface One extends Pick<Planned, 'probe' | 'spec'> {
  readonly number: number;
  readonly timeout: number;
}

/** One attempt, which ends in time also where the probe does not notice that it should. */
async function attempt({ probe, spec, number, timeout }: One, stop: AbortSignal): Promise<Observation> {
  const controller = new AbortController();
  // A probe asks many things at once, and each wants to know.
  setMaxListeners(0, controller.signal);
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeout);
  stop.addEventListener('abort', abort, { once: true });
  if (stop.aborted) abort();
  let hanging: NodeJS.Timeout | undefined;
  const hung = new Promise<Observation>(resolve => {
    const later = () => {
      hanging = setTimeout(() => resolve(broken(`the probe did not end within ${timeout} ms`)), GRACE);
    };
    controller.signal.addEventListener('abort', later, { once: true });
  });
  try {
    const observed = probe.observe(spec, { signal: controller.signal, number });
    return await Promise.race([observed.catch(error => broken(String(error?.message ?? error))), hung]);
  } finally {
    clearTimeout(timer);
    clearTimeout(hanging);
    stop.removeEventListener('abort', abort);
    // Whatever the probe left open is closed with it.
    controller.abort();
    clearTimeout(hanging);
  }
}

const broken = (why: string): Observation => ({
  status: 'error',
  message: `This is a mistake of aideploy: ${why}. Next: report it.`,
});

/** Cut short: the last whole observation stands, if there is one. */
function unfinished(stop: AbortSignal, last?: Observation): Observation {
  if (last) return last;
  return { status: 'error', message: stop.reason === 'interrupted' ? INTERRUPTED : OUT_OF_TIME };
}

const INTERRUPTED = 'Interrupted before it was decided.';
const OUT_OF_TIME =
  'The time for the whole run was over before it was decided. Next: give more with --deadline.';

function conclude(
  { id, probe, spec }: Planned,
  { status, message, expected, observed, next, detail }: Observation,
  attempts: number,
  { began, runStarted }: { readonly began: number; readonly runStarted: number },
  secrets: readonly string[],
): ProbeResult {
  const result: ProbeResult = {
    id,
    probe: probe.id,
    name: spec.name,
    status,
    startedMs: Math.round(began - runStarted),
    durationMs: Math.round(performance.now() - began),
    attempts,
    message,
    ...(expected !== undefined && { expected }),
    ...(observed !== undefined && { observed }),
    ...(next !== undefined && { next }),
    ...(detail && { detail }),
  };
  return withoutSecrets(result, secrets);
}

/** Servers repeat what they are sent, so a token may come back in anything that was read. */
function withoutSecrets<T>(value: T, secrets: readonly string[]): T {
  if (typeof value === 'string') return redact(value, secrets) as T;
  if (Array.isArray(value)) return value.map(each => withoutSecrets(each, secrets)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [
    redact(key, secrets),
    withoutSecrets(each, secrets),
  ]);
  return Object.fromEntries(entries) as T;
}

function sleep(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stop.addEventListener('abort', end, { once: true });
  });
}

/** Any no is a no; what could not be seen, or nothing seen at all, is no yes. */
export function verdictOf(results: readonly ProbeResult[]): Verdict {
  const has = (...statuses: Status[]) => results.some(({ status }) => statuses.includes(status));
  if (has('fail')) return 'fail';
  return has('error', 'inconclusive') || !has('pass') ? 'inconclusive' : 'pass';
}
