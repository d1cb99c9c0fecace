import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ProjectModel } from '../../model/model.ts';
import type { StoredFile } from '../../release/release.ts';
import { createEngine } from '../../render/engine.ts';
import { TARGETS } from '../../targets/all.ts';
import { renderArtifacts } from '../../targets/render.ts';
import { readState } from '../../workspace/locate.ts';
import { readOverrides } from '../../workspace/overrides.ts';
import { type Change, plan } from '../../workspace/plan.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../exit.ts';
import { readModel } from '../project.ts';
import { CONFIGURATION } from './options.ts';

/** What is rendered for each platform, and goes there with a release. */
const TARGETS_OF: Readonly<Record<string, readonly string[]>> = {
  cloudrun: ['cloudrun'],
  compose: ['backup', 'compose', 'database'],
  kubernetes: ['kubernetes'],
  process: [],
  systemd: ['backup', 'database', 'nginx', 'systemd'],
  windows: ['windows'],
};

/** The configuration of a release, and its files: as they would be after a render, hand edits and all. */
export interface Rendered {
  readonly model: ProjectModel;
  readonly files: readonly StoredFile[];
}

/** The files name no tag, or this one; where the configuration names another, this one takes its place as in `render --tag`. */
export async function renderedFor(
  context: Context,
  base: ProjectModel,
  platform: string,
  tag: string,
): Promise<Rendered> {
  const rendered = async (model: ProjectModel, changes: readonly Change[]): Promise<Rendered> => ({
    model,
    files: await filesOf(context, platform, changes),
  });
  const changes = await changesFor(context, base, platform);
  const inStep = isInStep(context, platform, changes);
  if (inStep && [undefined, tag].includes(base.image.tag)) return rendered(base, changes);
  const tagged = await readModel(context, tag);
  const taggedChanges = await changesFor(context, tagged, platform);
  if (inStep || isInStep(context, platform, taggedChanges)) return rendered(tagged, taggedChanges);
  throw outOfStep(changes.filter(isStale), tag);
}

async function changesFor(
  context: Context,
  model: ProjectModel,
  platform: string,
): Promise<readonly Change[]> {
  const wanted = TARGETS_OF[platform] ?? [];
  const targets = TARGETS.filter(target => wanted.includes(target.id) && target.applies(model));
  if (wanted.length > 0 && !targets.some(({ id }) => id === platform))
    throw new UsageError(`${context.configFile} does not render for ${platform}: name it under targets`);
  const engine = await createEngine({ overrides: await readOverrides(context.root) });
  const artifacts = renderArtifacts(model, targets, engine);
  const { changes } = await plan(context.root, artifacts, { targets: targets.map(({ id }) => id) });
  return changes;
}

const isStale = ({ action }: Change): boolean =>
  action === 'create' || action === 'update' || action === 'merge';
const isUnsettled = ({ action }: Change): boolean => action === 'conflict' || action === 'foreign';

/** Files of an environment have the paths of the base: on disk is whichever was rendered last. */
const isInStep = ({ environment }: Context, platform: string, changes: readonly Change[]): boolean =>
  (environment !== undefined && platform !== 'kubernetes') || !changes.some(isStale);

function outOfStep(stale: readonly Change[], tag: string): UsageError {
  const [first, ...others] = stale;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return new UsageError(
    `${first?.path}${more}: not as the configuration says, with the tag ${tag} or without one; ` +
      'run `aideploy render`, look at what changed, then deploy it',
  );
}

async function filesOf(
  context: Context,
  platform: string,
  changes: readonly Change[],
): Promise<readonly StoredFile[]> {
  const unsettled = changes.filter(isUnsettled);
  if (unsettled.length > 0)
    throw new UsageError(
      `${unsettled.map(({ path }) => path).join(', ')}: settle this first: aideploy render`,
    );
  const files = changes
    .filter(({ deleted, stale }) => !deleted && !stale)
    .map(async ({ path, effect }): Promise<StoredFile> => {
      const state = effect.write ?? (await readState(context.root, path));
      if (!state) throw new UsageError(`${path}: it is not there; run \`aideploy render\``);
      return {
        path,
        content: Buffer.from(state.bytes).toString(),
        // What a umask left of the other bits is no part of a release.
        mode: state.mode & 0o100 ? 0o755 : 0o644,
      };
    });
  const isRendered = (TARGETS_OF[platform] ?? []).length > 0;
  return Promise.all([...files, ...(isRendered ? [configuration(context)] : [])]);
}

const configuration = async ({ root, configFile }: Context): Promise<StoredFile> => ({
  path: CONFIGURATION,
  content: await readFile(resolve(root, configFile), 'utf8'),
  mode: 0o644,
});
