import { Refusal } from './plan-deploy.ts';
import { isProven, lastVerifiedBefore, type Release } from './release.ts';
import {
  auditLine,
  awaited,
  type Ending,
  endingOf,
  goalOf,
  locked,
  type Outcome,
  type Run,
  recordStep,
  type Situation,
  situationOf,
  verifiedStep,
  verifySteps,
} from './run.ts';
import type { Goal, Step } from './strategy.ts';

export interface RollbackOptions {
  /** The last verified release before the current one where undefined. */
  readonly to: string | undefined;
  /** A backup that takes the place of the database. */
  readonly database: string | undefined;
  /** Although migrations ran since that the older program may not work with. */
  readonly acrossMigrations: boolean;
  readonly verify: boolean;
}

interface RollbackPlan {
  readonly current: string | undefined;
  readonly goal: Goal;
  readonly situation: Situation;
  readonly steps: readonly Step[];
  /** What stays as it is now; said before anything is done. */
  readonly notReverted: readonly string[];
}

/** All that will be done, in order; nothing is changed by asking. */
export async function planRollback(run: Run, options: RollbackOptions): Promise<RollbackPlan> {
  const situation = await situationOf(run);
  const { current } = situation.standing;
  const release = chosen(situation, options.to);
  const migrations = migrationsSince(situation, release);
  if (options.database === undefined && !options.acrossMigrations) refuseOneWay(migrations, release);
  const goal = await goalOf(run, release);
  const { strategy } = run;
  const steps = [
    ...(options.database === undefined ? [] : strategy.restore(options.database)),
    ...strategy.rollback(goal, situation.standing),
    ...(options.verify
      ? [...verifySteps(run, goal), verifiedStep(run, situation, goal, 'rollback')]
      : [
          recordStep(`record that ${release.id} was returned to, not verified`, signal =>
            strategy.store.audit(auditLine(run, 'rollback', release.id, 'unverified'), signal),
          ),
        ]),
  ];
  const notReverted = [
    ...(options.database === undefined
      ? migrations.map(({ id }) => `migrations of ${id}`)
      : [`data written since the backup ${options.database}; a dump of what is there now is taken first`]),
    ...(options.database === undefined ? ['data written since'] : []),
    'secrets that were changed since: their values are not in the record',
    "the project's own files: the next deploy starts from them",
    ...strategy.notReverted,
  ];
  return { current, goal, situation, steps, notReverted };
}

function chosen({ standing, releases }: Situation, to: string | undefined): Release {
  if (to === undefined) {
    const last = lastVerifiedBefore(releases, standing.current);
    if (last) return last;
    throw new Refusal(
      `there is no verified release before ${standing.current ?? 'what runs'}; aideploy releases shows the record`,
    );
  }
  const named = releases.find(({ id }) => id === to);
  if (!named) {
    const known = releases.map(({ id }) => id).join(', ');
    throw new Refusal(`--to ${to}: no such release; the record has ${known || 'none'}`);
  }
  if (isProven(named)) return named;
  throw new Refusal(`--to ${to}: it was never seen to work (${named.status}); deploy it to find out`);
}

/** Releases after the goal whose migrations ran, and that ran when it did not. */
function migrationsSince({ standing, releases }: Situation, goal: Release): Release[] {
  const current = releases.find(({ id }) => id === standing.current);
  return releases.filter(
    ({ sequence, migration }) =>
      migration !== 'none' &&
      sequence > goal.sequence &&
      sequence <= (current?.sequence ?? Number.POSITIVE_INFINITY),
  );
}

function refuseOneWay(migrations: readonly Release[], { id }: Release): void {
  const oneWay = migrations.filter(({ migration }) => migration !== 'expand');
  const [first] = oneWay;
  if (!first) return;
  const marked = first.migration === 'contract' ? 'are marked contract' : 'are not marked expand';
  throw new Refusal(
    `nothing was changed: the migrations of ${oneWay.map(release => release.id).join(', ')} ${marked}, ` +
      `so ${id} may not work with the database as it is; --with-database BACKUP restores one of its time, ` +
      '--across-migrations goes back without',
  );
}

export async function rollback(run: Run, options: RollbackOptions, plan: RollbackPlan): Promise<Ending> {
  const { id } = plan.goal.release;
  // What the plan found is what was agreed to: another goal would be another question.
  const settled = { ...options, to: options.to ?? id };
  return locked(run, `rollback to ${id}`, async lock => {
    const now = await awaited(run, () => planRollback(run, settled));
    const failure = await lock.perform(now.steps);
    const ending = (outcome: Outcome) => endingOf(run, now.goal, lock.reports, outcome, failure);
    if (!failure) return ending(options.verify ? 'verified' : 'unverified');
    const line = auditLine(run, 'rollback', id, failure.kind, failure.cause);
    await run.strategy.store.audit(line, AbortSignal.timeout(10_000));
    return ending(failure.kind === 'failed' ? 'failed' : 'unverified');
  });
}
