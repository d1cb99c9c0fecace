import type { ProjectModel } from '../../model/model.ts';
import { deploy } from '../../release/deploy.ts';
import { type Order, planDeploy } from '../../release/plan-deploy.ts';
import type { Migration } from '../../release/release.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { readModel } from '../project.ts';
import { renderedFor } from './files.ts';
import { type DeployOptions, platformNamed } from './options.ts';
import { commitOf, hash, migrationsOf, strategyFor, tagFor } from './project.ts';
import { planLines, showEnding, showPlan, tellNotes } from './report.ts';
import { asked, runOf } from './session.ts';

/** Where the configuration does not say how many releases a host keeps. */
const KEEP = 10;

export async function deployRelease(
  context: Context,
  [name = '']: readonly string[],
  options: DeployOptions,
): Promise<ExitCode> {
  const platform = platformNamed(name);
  const base = await readModel(context);
  const tag = await tagFor(context, base, options.tag);
  const { model, files } = await renderedFor(context, base, platform, tag);
  const strategy = await strategyFor(context, model, platform, options);
  const run = runOf(context, model, strategy, files, options);
  const order: Order = {
    tag,
    environment: context.environment ?? null,
    files,
    configuration: hash([JSON.stringify(model)]),
    migration: migrationOf(model, options),
    migrations: await migrationsOf(context, model),
    commit: await commitOf(context),
    hash,
  };
  const wishes = {
    verify: options.verify,
    rollBack: options.rollback,
    recordOnly: options.recordOnly ?? false,
    keep: model.targets[platform === 'windows' ? 'windows' : 'systemd']?.keepReleases ?? KEEP,
  };
  return asked(async () => {
    const plan = await planDeploy(run, order, wishes);
    tellNotes(context, plan.situation);
    const shown = {
      platform,
      current: plan.situation.standing.current,
      target: plan.goal.release.id,
      steps: [...plan.preparing, ...plan.applying],
      notReverted: [],
    };
    if (options.dryRun) return showPlan(context, shown);
    if (context.format === 'text') context.note(planLines(shown));
    return showEnding(context, await deploy(run, order, wishes, plan));
  });
}

function migrationOf({ database }: ProjectModel, { migration }: DeployOptions): Migration {
  if (migration !== undefined) return migration;
  return database?.migrations ? 'unmarked' : 'none';
}
