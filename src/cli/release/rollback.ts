import { isProven } from '../../release/release.ts';
import { planRollback, rollback } from '../../release/rollback.ts';
import { situationOf } from '../../release/run.ts';
import { promptsFor } from '../ask.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { readModel } from '../project.ts';
import { platformMeant, type RollbackOptions } from './options.ts';
import { strategyFor } from './project.ts';
import { planLines, showEnding, showPlan, showReleases, tellNotes } from './report.ts';
import { asked, runOf } from './session.ts';

export async function rollBack(
  context: Context,
  [name]: readonly string[],
  options: RollbackOptions,
): Promise<ExitCode> {
  const model = await readModel(context);
  const platform = platformMeant(name, Object.keys(model.targets));
  const strategy = await strategyFor(context, model, platform, options);
  const run = runOf(context, model, strategy, [], options);
  const wishes = {
    to: options.to,
    database: options.withDatabase,
    acrossMigrations: options.acrossMigrations ?? false,
    verify: options.verify,
  };
  return asked(async () => {
    if (options.list) {
      const situation = await situationOf(run);
      return showReleases(context, { ...situation, releases: situation.releases.filter(isProven) });
    }
    const plan = await planRollback(run, wishes);
    const { current, steps, notReverted, goal } = plan;
    tellNotes(context, plan.situation);
    const shown = { platform, current, target: goal.release.id, steps, notReverted };
    if (options.dryRun) return showPlan(context, shown);
    if (context.format === 'text') context.note(planLines(shown));
    if (context.interactive && !options.yes && !(await agreed(context.live))) return EXIT.no;
    return showEnding(context, await rollback(run, wishes, plan));
  });
}

async function agreed(live: boolean): Promise<boolean> {
  const { confirm } = await promptsFor(live);
  return confirm({ message: 'Go back?', default: true }, { output: process.stderr });
}
