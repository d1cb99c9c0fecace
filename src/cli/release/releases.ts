import { auditLine, situationOf, unanswered } from '../../release/run.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { readModel } from '../project.ts';
import { platformMeant, type ReleasesOptions } from './options.ts';
import { strategyFor } from './project.ts';
import { showReleases } from './report.ts';
import { asked, runOf } from './session.ts';

export async function showRecord(
  context: Context,
  [action]: readonly string[],
  options: ReleasesOptions,
): Promise<ExitCode> {
  if (action !== undefined && action !== 'unlock')
    throw new UsageError(`releases ${action}: there is \`releases\`, and \`releases unlock\``);
  const model = await readModel(context);
  const platform = platformMeant(options.platform, Object.keys(model.targets));
  const strategy = await strategyFor(context, model, platform, options);
  const run = runOf(context, model, strategy, [], {});
  return asked(async () => {
    if (action === 'unlock') return unlock();
    const situation = await situationOf(run);
    await run.hooks.mirror(situation.releases);
    return showReleases(context, situation);
  });

  async function unlock(): Promise<ExitCode> {
    const { store } = strategy;
    const seen = await store.lease(run.signal);
    if (seen.obstacle) throw unanswered(seen.obstacle);
    if (!seen.value) {
      if (context.format === 'json') context.json({ unlocked: null });
      else context.result('nobody has the lock');
      return EXIT.yes;
    }
    const { owner, action: doing, since } = seen.value;
    const broken = await store.exchange(seen.value, undefined, run.signal);
    if (broken.obstacle) throw unanswered(broken.obstacle);
    await store.audit(auditLine(run, 'unlock', null, 'unlocked', `${owner}: ${doing}`), run.signal);
    if (context.format === 'json') context.json({ unlocked: { owner, action: doing, since } });
    else if (broken.value) context.result(`the lock of ${owner} (${doing}, since ${since}) is broken`);
    else context.result(`${owner} is alive and at work: ${doing}`);
    return broken.value ? EXIT.yes : EXIT.no;
  }
}
