import { setTimeout as sleep } from 'node:timers/promises';
import type { Obstacle } from '../platforms/answer.ts';
import type { Loss } from './lock.ts';
import type { Control, Step, StepEnd } from './strategy.ts';

/** What became of a step; one that was never begun is not told. */
export interface StepReport {
  readonly title: string;
  readonly status: StepEnd['status'];
  readonly durationMs: number;
  readonly note?: string;
}

/** Why steps ended before the last one. */
export interface Failure {
  readonly kind: 'failed' | 'obstructed' | 'lost' | 'interrupted';
  readonly step: string;
  /** One line. */
  readonly cause: string;
  readonly details: readonly string[];
}

/** Told what happens meanwhile. */
export interface Told {
  started(title: string): void;
  said(line: string): void;
  ended(report: StepReport): void;
}

export interface Performing {
  readonly signal: AbortSignal;
  readonly told: Told;
  /** How long a platform may be out of reach; milliseconds. */
  readonly patience: number;
  /** Why this run may no longer touch the platform. */
  lost(): Loss | undefined;
}

/** One step after the other, until one does not succeed. Every report goes to `reports`. */
export async function perform(
  steps: readonly Step[],
  performing: Performing,
  reports: StepReport[],
): Promise<Failure | undefined> {
  for (const step of steps) {
    const lost = await lossOf(performing);
    if (lost) return { kind: 'lost', step: step.title, cause: lost.why, details: [] };
    if (performing.signal.aborted) return interrupted(step);
    performing.told.started(step.title);
    const started = performance.now();
    const end = await patiently(step, performing);
    const report: StepReport = {
      title: step.title,
      status: end.status,
      durationMs: Math.round(performance.now() - started),
      ...(end.status === 'done' && end.note !== undefined && { note: end.note }),
    };
    reports.push(report);
    performing.told.ended(report);
    if (end.status === 'done') continue;
    // What a step says after it was interrupted is of no use to anybody.
    return performing.signal.aborted ? interrupted(step) : failureOf(step, end);
  }
  return undefined;
}

const interrupted = ({ title }: Step): Failure => ({
  kind: 'interrupted',
  step: title,
  cause: `interrupted at: ${title}`,
  details: [],
});

function failureOf({ title: step }: Step, end: Exclude<StepEnd, { status: 'done' }>): Failure {
  return end.status === 'failed'
    ? { kind: 'failed', step, cause: end.cause, details: end.details ?? [] }
    : { kind: 'obstructed', step, cause: end.obstacle.why, details: [end.obstacle.next] };
}

/** A lock that only ran out is ours again when the platform answers, as long as nobody else took it. */
async function lossOf({ lost, signal, patience }: Performing): Promise<Loss | undefined> {
  const deadline = performance.now() + patience;
  while (lost()?.final === false && !signal.aborted && performance.now() < deadline)
    await sleep(500, undefined, { signal }).catch(() => undefined);
  return lost();
}

/** A platform that is out of reach for a moment, such as an API server that restarts, spoils no deploy. */
async function patiently(step: Step, { signal, told, patience, lost }: Performing): Promise<StepEnd> {
  const control: Control = { signal, say: line => told.said(line) };
  let deadline = performance.now() + patience;
  let said: Obstacle | undefined;
  for (let pause = 500; ; pause = Math.min(pause * 2, 8_000)) {
    const began = performance.now();
    const end = await attempt(step, control);
    if (end.status !== 'obstructed' || end.obstacle.lasting) return end;
    // What was worked with for so long is away only now.
    if (end.obstacle.away && performance.now() - began > patience) deadline = performance.now() + patience;
    // A lock that ran out meanwhile is waited for like the platform that keeps it.
    do {
      if (signal.aborted || lost()?.final || performance.now() + pause > deadline) return end;
      if (said?.why !== end.obstacle.why) told.said(`${end.obstacle.why}; trying again`);
      said = end.obstacle;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    } while (lost());
  }
}

/** A step that throws is a bug of ours, but the release has to be dealt with all the same. */
async function attempt(step: Step, control: Control): Promise<StepEnd> {
  try {
    return await step.perform(control);
  } catch (error) {
    if (control.signal.aborted)
      return { status: 'obstructed', obstacle: { why: 'interrupted', next: 'run it again' } };
    return {
      status: 'failed',
      cause: `${step.title}: ${(error as Error).message}`,
      details: (error as Error).stack?.split('\n') ?? [],
    };
  }
}
