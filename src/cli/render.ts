import kleur from 'kleur';
import type { Artifact } from '../artifacts/artifact.ts';
import { nearest } from '../config/nearest.ts';
import { type ProjectModel, servicesOf } from '../model/model.ts';
import { createEngine } from '../render/engine.ts';
import { TARGETS } from '../targets/all.ts';
import { renderArtifacts } from '../targets/render.ts';
import type { Target } from '../targets/target.ts';
import { apply } from '../workspace/apply.ts';
import { readOverrides } from '../workspace/overrides.ts';
import { type Change, plan } from '../workspace/plan.ts';
import type { Context } from './context.ts';
import { eject } from './eject.ts';
import { EXIT, type ExitCode, NoAnswerError, UsageError } from './exit.ts';
import { explainSecrets } from './explain-secrets.ts';
import { readModel } from './project.ts';
import { lastingTag } from './tag.ts';

export interface RenderOptions {
  readonly dryRun?: boolean;
  readonly check?: boolean;
  readonly stdout?: string;
  readonly force?: boolean;
  readonly prune?: boolean;
  readonly keepMine?: string[];
  readonly eject?: string;
  readonly tag?: string;
  readonly explainSecrets?: boolean;
}

const ALIASES: Readonly<Record<string, string>> = { k8s: 'kubernetes' };

export async function renderProject(
  context: Context,
  names: readonly string[],
  options: RenderOptions,
): Promise<ExitCode> {
  if (options.explainSecrets) return explainSecrets(context, names);
  if (options.eject !== undefined) {
    if (names.length > 0 || options.check || options.stdout !== undefined)
      throw new UsageError(
        '--eject copies templates and renders nothing; leave targets, --check and --stdout out',
      );
    return eject(context, targetNamed(options.eject), options);
  }
  if (options.stdout !== undefined && names.length > 0)
    throw new UsageError('--stdout names its one target itself; leave the others out');
  if (options.tag !== undefined) lastingTag(options.tag, '--tag');
  const model = await readModel(context, options.tag);
  const targets = chooseTargets(model, options.stdout === undefined ? names : [options.stdout]);
  const artifacts = renderArtifacts(
    model,
    targets,
    await createEngine({ overrides: await readOverrides(context.root) }),
  );
  tellDifferences(context, model, targets);
  if (options.stdout !== undefined) return print(context, artifacts);
  if (names.length === 0) {
    tellUnrendered(context, model);
    tellUnpatched(context, model, artifacts);
  }
  if (targets.some(({ id }) => id === 'kubernetes')) tellUnread(context, model);
  // Without names the whole is rendered: what a target that was dropped left behind is stale too.
  return write(context, artifacts, names.length === 0 ? TARGETS : targets, options);
}

function targetNamed(name: string): Target {
  const id = ALIASES[name] ?? name;
  const found = TARGETS.find(target => target.id === id);
  if (found) return found;
  const known = TARGETS.map(target => target.id);
  const offer = nearest(name, known);
  throw new UsageError(
    `no target "${name}"; ${offer ? `did you mean ${offer}?` : `there are ${known.join(', ')}`}`,
  );
}

function chooseTargets(model: ProjectModel, names: readonly string[]): Target[] {
  const targets =
    names.length > 0 ? [...new Set(names.map(targetNamed))] : TARGETS.filter(target => target.applies(model));
  if (targets.length === 0) throw new NoAnswerError('nothing to render: the configuration names no target');
  return targets;
}

/** A configuration may name targets that a later version renders; it is told, not left to wonder. */
function tellUnrendered(context: Context, model: ProjectModel): void {
  const unknown = Object.keys(model.targets).filter(name => !TARGETS.some(target => target.id === name));
  if (unknown.length > 0) context.note(`not rendered by aideploy ${context.version}: ${unknown.join(', ')}`);
}

/** A patch of a file that no target writes is a slip of the pen, or stands for a target that was dropped. */
function tellUnpatched(context: Context, model: ProjectModel, artifacts: readonly Artifact[]): void {
  const paths = artifacts.map(artifact => artifact.path);
  for (const file of new Set(model.patches.map(patch => patch.file))) {
    if (paths.includes(file)) continue;
    const offer = nearest(file, paths);
    context.note(`patches: ${file} is not rendered${offer ? `; did you mean ${offer}?` : ''}`);
  }
}

/** Where a platform does otherwise than the configuration asks. */
function tellDifferences(context: Context, model: ProjectModel, targets: readonly Target[]): void {
  for (const target of targets) for (const note of target.notes?.(model) ?? []) context.note(note);
}

/** What a ConfigMap is made of has to be there when it is made. */
function tellUnread(context: Context, { base, environments }: ProjectModel): void {
  const files = [base, ...environments]
    .flatMap(model => servicesOf(model, 'kubernetes'))
    .flatMap(service => service.files.filter(({ content }) => content === undefined));
  for (const source of new Set(files.map(file => file.source)))
    context.note(
      `${source}: no text file of this project; \`kubectl apply -k\` needs the copy that render makes of it`,
    );
}

function print(context: Context, artifacts: readonly Artifact[]): ExitCode {
  if (context.format === 'json') context.json({ files: artifacts });
  else if (artifacts.length === 1) context.result(artifacts[0]?.content ?? '');
  else context.result(artifacts.map(({ path, content }) => `==> ${path} <==\n${content}`).join('\n'));
  return EXIT.yes;
}

async function write(
  context: Context,
  artifacts: readonly Artifact[],
  targets: readonly Target[],
  options: RenderOptions,
): Promise<ExitCode> {
  const planned = await plan(context.root, artifacts, {
    force: options.force ?? false,
    prune: options.prune ?? false,
    targets: targets.map(target => target.id),
    keepMine: options.keepMine ?? [],
  });
  const looking = options.dryRun || options.check;
  if (!looking) await apply(context.root, planned);
  report(context, planned.changes, planned.drift, options);
  const unsettled = planned.changes.some(
    change => change.action === 'conflict' || change.action === 'foreign',
  );
  return unsettled || (options.check && planned.drift) ? EXIT.no : EXIT.yes;
}

function report(context: Context, changes: readonly Change[], drift: boolean, options: RenderOptions): void {
  if (context.format === 'json') {
    context.json({
      files: changes.map(({ path, target, action, diff, note }) => ({
        path,
        target,
        action,
        diff,
        ...(note ? { note } : {}),
      })),
      drift,
    });
    return;
  }
  const told = changes.filter(change => change.action !== 'keep' || change.note || context.verbose);
  const lines = told.flatMap(change => describe(change, options.dryRun ?? false));
  lines.push(summary(changes, Boolean(options.dryRun || options.check)));
  context.result(lines.join('\n'));
  for (const change of changes) advise(context, change);
}

function summary(changes: readonly Change[], looking: boolean): string {
  const count = (...actions: Change['action'][]) =>
    changes.filter(change => actions.includes(change.action)).length;
  const [kept, open] = [count('keep'), count('conflict', 'foreign')];
  const changed = `${changes.length - kept - open} of ${changes.length} files ${looking ? 'would change' : 'changed'}`;
  const stayed = `${kept} ${looking ? 'would stay' : 'stayed'}`;
  return [changed, stayed, ...(open > 0 ? [`${open} to be settled by you`] : [])].join(', ');
}

const COLOURS: Readonly<Record<Change['action'], (text: string) => string>> = {
  create: kleur.green,
  update: kleur.green,
  merge: kleur.cyan,
  keep: kleur.dim,
  prune: kleur.yellow,
  conflict: kleur.red,
  foreign: kleur.red,
};

function describe(change: Change, withDiff: boolean): string[] {
  const note = change.note ? `  (${change.note})` : '';
  const line = `${COLOURS[change.action](change.action.padEnd(8))} ${change.path}${note}`;
  return withDiff && change.diff !== '' ? [line, change.diff.trimEnd()] : [line];
}

function advise(context: Context, { action, path }: Change): void {
  if (action !== 'conflict' && action !== 'foreign') return;
  const why =
    action === 'conflict'
      ? 'your edit and the new rendering change the same lines'
      : 'it was there before aideploy';
  context.note(`${path}: ${why}; it is untouched, the rendering is in ${path}.aideploy-new`);
  context.note(
    `  take what you need from it, then: aideploy render --keep-mine ${path}   (or --force, which drops every hand edit)`,
  );
}
