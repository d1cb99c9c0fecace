import { setTimeout as sleep } from 'node:timers/promises';
import type { Obstacle } from '../platforms/answer.ts';
import { type Busy, type Hold, hold, type Times } from './lock.ts';
import { type Failure, type Performing, perform, type StepReport, type Told } from './perform.ts';
import type { Release } from './release.ts';
import type { AuditLine } from './store.ts';
import type { Goal, Standing, Step, StepEnd, Strategy } from './strategy.ts';

/** What a verification has to say of a release. */
export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** One line: what failed first, or what was passed. */
  readonly summary: string;
  readonly details: readonly string[];
}

/** What belongs to other parts, handed in by who composes them. */
export interface Hooks {
  /** The errors of the files that are about to be deployed. */
  check(): Promise<readonly string[]>;
  /** By what the release itself says of it, which may not be what the project says now. */
  verify(goal: Goal, signal: AbortSignal): Promise<Verdict>;
  /** The record as it is now, for its copy in the project. */
  mirror(releases: readonly Release[]): Promise<void>;
}

export interface Run {
  readonly strategy: Strategy;
  readonly hooks: Hooks;
  readonly by: string;
  readonly signal: AbortSignal;
  readonly told: Told;
  readonly times: Times;
  /** How long a platform may be out of reach; milliseconds. */
  readonly patience: number;
}

/** `unverified`: it runs, and nobody looked, or nobody could. */
export type Outcome = 'verified' | 'rolled-back' | 'failed' | 'unverified';

export interface Ending {
  readonly platform: string;
  /** What was to run. */
  readonly release: string;
  readonly outcome: Outcome;
  readonly steps: readonly StepReport[];
  /** One line; undefined where all went well. */
  readonly cause: string | undefined;
  readonly details: readonly string[];
  /** Whether the platform, rather than the release, is why: no answer could be had. */
  readonly unanswered: boolean;
  readonly interrupted: boolean;
}

export const endingOf = (
  { strategy }: Run,
  { release }: Goal,
  steps: readonly StepReport[],
  outcome: Outcome,
  failure: Failure | undefined,
): Ending => ({
  platform: strategy.platform,
  release: release.id,
  outcome,
  steps,
  cause: failure?.cause,
  details: failure?.details ?? [],
  unanswered: failure?.kind === 'obstructed' || failure?.kind === 'lost',
  interrupted: failure?.kind === 'interrupted',
});

/** What is there, by the platform and by the record. */
export interface Situation {
  readonly standing: Standing;
  readonly releases: readonly Release[];
  /** What was found wrong with the record, and was left out. */
  readonly notes: readonly string[];
}

/** The platform could not be asked, and nothing was changed. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  /** Whether it was out of reach, which passes. */
  readonly away: boolean;

  constructor(message: string, away = false) {
    super(message);
    this.away = away;
  }
}

export async function situationOf({ strategy, signal }: Run): Promise<Situation> {
  const standing = await strategy.inspect(signal);
  if (standing.obstacle) throw unanswered(standing.obstacle);
  const releases = await strategy.store.releases(signal);
  if (releases.obstacle) throw unanswered(releases.obstacle);
  return { standing: standing.value, releases: releases.value, notes: releases.notes ?? [] };
}

export const unanswered = ({ why, next, away }: Obstacle): Unanswered =>
  new Unanswered(`${why}; ${next}`, away);

const PAUSE = 1_000;

/** Once the plan was agreed to, a platform that is out of reach for a moment is asked again, as it is for each step. */
export async function awaited<Value>(run: Run, ask: () => Promise<Value>): Promise<Value> {
  const deadline = performance.now() + run.patience;
  for (let said = ''; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unanswered && error.away) || run.signal.aborted) throw error;
      if (performance.now() + PAUSE > deadline) throw error;
      if (said !== error.message) run.told.said(`${error.message}; trying again`);
      said = error.message;
      await sleep(PAUSE, undefined, { signal: run.signal }).catch(() => undefined);
    }
  }
}

/** With the lock held: what is performed cannot be disturbed by another run, and is told when it is. */
export interface Locked {
  perform(steps: readonly Step[]): Promise<Failure | undefined>;
  readonly reports: StepReport[];
}

export async function locked<Value>(
  run: Run,
  action: string,
  work: (locked: Locked) => Promise<Value>,
): Promise<Value> {
  const { strategy, signal, told, times, patience } = run;
  const wish = { owner: run.by, action, signal, times, say: (line: string) => told.said(line) };
  const held = await awaited(run, async () => {
    const answer = await hold(strategy.store, wish);
    if ('busy' in answer) throw new Unanswered(busy(answer, signal));
    if (answer.obstacle) throw unanswered(answer.obstacle);
    return answer;
  });
  const reports: StepReport[] = [];
  const performing: Performing = { signal, told, patience, lost: () => held.value.lost() };
  try {
    return await work({ reports, perform: steps => perform(steps, performing, reports) });
  } finally {
    await leave(run, held.value);
  }
}

const busy = ({ busy: { owner, action, since } }: Busy, { aborted }: AbortSignal): string =>
  aborted
    ? 'interrupted while another run had the lock'
    : `${owner} is at work there: ${action}, since ${since}; wait for it, or break its lock: aideploy releases unlock`;

async function leave({ strategy, hooks, told }: Run, held: Hold): Promise<void> {
  const { value } = await strategy.store.releases(AbortSignal.timeout(30_000));
  // A record that cannot be copied now is copied by the next run; the platform's own is what counts.
  if (value)
    await hooks
      .mirror(value)
      .catch((error: Error) => told.said(`the record was not copied: ${error.message}`));
  await held.giveUp();
}

export const verifySteps = (run: Run, goal: Goal): Step[] => {
  const alone = run.strategy.alone?.(goal);
  return [...(alone ? [alone] : []), verifyStep(run, goal)];
};

const verifyStep = ({ hooks }: Run, goal: Goal): Step => ({
  title: `verify ${goal.release.id}`,
  command: 'aideploy verify',
  async perform({ signal, say }) {
    say('asking every probe');
    const { verdict, summary, details } = await hooks.verify(goal, signal);
    if (verdict === 'pass') return { status: 'done', note: summary };
    if (verdict === 'fail') return { status: 'failed', cause: summary, details };
    return {
      status: 'obstructed',
      obstacle: { why: summary, next: details[0] ?? 'aideploy verify says more' },
    };
  },
});

/** A line of the record as a step of its own, so that a platform out of reach is waited for here too. */
export function recordStep(
  title: string,
  write: (signal: AbortSignal) => Promise<{ readonly obstacle?: Obstacle | undefined }>,
): Step {
  return {
    title,
    command: undefined,
    async perform({ signal }): Promise<StepEnd> {
      const { obstacle } = await write(signal);
      return obstacle ? { status: 'obstructed', obstacle } : { status: 'done' };
    },
  };
}

/** What worked is the release to return to; what it replaces is so no more, unless it never worked. */
export const verifiedStep = (run: Run, { releases }: Situation, { release }: Goal, action: string): Step =>
  recordStep(`record ${release.id} as verified`, async signal => {
    const { store } = run.strategy;
    const marked = await store.mark(release.id, 'verified', signal);
    if (marked.obstacle) return marked;
    for (const former of releases) {
      if (former.id === release.id || former.status !== 'verified') continue;
      const superseded = await store.mark(former.id, 'superseded', signal);
      if (superseded.obstacle) return superseded;
    }
    return store.audit(auditLine(run, action, release.id, 'verified'), signal);
  });

export const auditLine = (
  { by }: Run,
  action: string,
  release: string | null,
  outcome: string,
  cause?: string,
): AuditLine => ({
  at: new Date().toISOString(),
  by,
  action,
  release,
  outcome,
  ...(cause !== undefined && { cause }),
});

/** The way to a release that was here before, with all that was kept of it. */
export async function goalOf({ strategy, signal }: Run, release: Release): Promise<Goal> {
  const { value: files, obstacle } = await strategy.store.files(release.id, signal);
  if (obstacle) throw unanswered(obstacle);
  return { release, files, migrate: false };
}
