import type { Failure } from './perform.ts';
import { type DeployOptions, type DeployPlan, type Order, planDeploy } from './plan-deploy.ts';
import {
  auditLine,
  awaited,
  type Ending,
  endingOf,
  goalOf,
  type Locked,
  locked,
  type Run,
  recordStep,
  verifiedStep,
  verifySteps,
} from './run.ts';
import type { Goal, Step } from './strategy.ts';

export async function deploy(
  run: Run,
  order: Order,
  options: DeployOptions,
  plan: DeployPlan,
): Promise<Ending> {
  const errors = await run.hooks.check();
  if (errors.length > 0)
    return {
      ...endingOf(run, plan.goal, [], 'failed', undefined),
      cause: errors[0],
      details: errors.slice(1),
    };
  return locked(run, `deploy ${plan.goal.release.id}`, async lock => {
    // Somebody may have been at work since the plan was made.
    const now = await awaited(run, () => planDeploy(run, order, options));
    if (
      now.goal.release.id !== plan.goal.release.id ||
      now.situation.standing.current !== plan.situation.standing.current
    )
      run.told.said(`${now.situation.standing.current ?? 'nothing'} runs by now: planned anew`);
    // Read while the platform answers: it may not when it is needed.
    const { back: release } = now;
    const back = release && (await awaited(run, () => goalOf(run, release)));
    const unprepared = await lock.perform(now.preparing);
    if (unprepared) return afterFailure(run, now, lock, unprepared, undefined);
    const failure = await lock.perform(now.applying);
    if (failure) return afterFailure(run, now, lock, failure, back);
    return endingOf(run, now.goal, lock.reports, options.verify ? 'verified' : 'unverified', undefined);
  });
}

/** A release that is bad is taken back. Where it is not the release, all stays as it is for the next run to finish. */
async function afterFailure(
  run: Run,
  plan: DeployPlan,
  lock: Locked,
  failure: Failure,
  back: Goal | undefined,
): Promise<Ending> {
  const { release } = plan.goal;
  const { store } = run.strategy;
  const audit = (signal: AbortSignal) =>
    store.audit(auditLine(run, 'deploy', release.id, failure.kind, failure.cause), signal);
  if (failure.kind !== 'failed') {
    await audit(AbortSignal.timeout(10_000));
    return endingOf(run, plan.goal, lock.reports, 'unverified', failure);
  }
  const marked = recordStep(`record ${release.id} as failed`, async signal => {
    const { obstacle } = await store.mark(release.id, 'failed', signal);
    return obstacle ? { obstacle } : audit(signal);
  });
  const unrecorded = await lock.perform([marked]);
  if (!back) return endingOf(run, plan.goal, lock.reports, 'failed', failure);
  if (unrecorded) run.told.said(`${unrecorded.cause}; going back all the same`);
  run.told.said(`${release.id} failed: ${failure.cause}`);
  run.told.said(`back to ${back.release.id}`);
  const worse = await lock.perform(await wayBack(run, plan, back));
  if (!worse) return endingOf(run, plan.goal, lock.reports, 'rolled-back', failure);
  const details = [`going back to ${back.release.id}: ${worse.cause}`, ...worse.details];
  return endingOf(run, plan.goal, lock.reports, 'failed', {
    ...failure,
    details: [...failure.details, ...details],
  });
}

async function wayBack(run: Run, { goal, situation }: DeployPlan, back: Goal): Promise<Step[]> {
  // What runs now is neither the one nor the other for certain.
  const { value } = await run.strategy.inspect(run.signal);
  const standing = value ?? { current: goal.release.id, empty: false };
  return [
    ...run.strategy.rollback(back, standing),
    ...verifySteps(run, back),
    verifiedStep(run, situation, back, 'rollback'),
  ];
}
