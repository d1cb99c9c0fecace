import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { command } from '../../exec/command.ts';
import { run } from '../../exec/run.ts';
import { isBuilt, type ProjectModel } from '../../model/model.ts';
import type { StoredFile } from '../../release/release.ts';
import { STRATEGIES } from '../../release/strategies/all.ts';
import type { Strategy } from '../../release/strategy.ts';
import { createEngine } from '../../render/engine.ts';
import { TARGETS } from '../../targets/all.ts';
import { renderArtifacts } from '../../targets/render.ts';
import { readState } from '../../workspace/locate.ts';
import { readOverrides } from '../../workspace/overrides.ts';
import { plan } from '../../workspace/plan.ts';
import type { Context } from '../context.ts';
import { NoAnswerError, UsageError } from '../exit.ts';
import { type DeployOptions, imagesOf } from './options.ts';

/** What is rendered for each platform, and goes there with a release. */
const TARGETS_OF: Readonly<Record<string, readonly string[]>> = {
  cloudrun: ['cloudrun'],
  compose: ['backup', 'compose', 'database'],
  kubernetes: ['kubernetes'],
  process: [],
  systemd: ['backup', 'database', 'nginx', 'systemd'],
  windows: ['windows'],
};

/** The files of a release: as they would be after a render, hand edits and all. */
export async function filesFor(
  context: Context,
  model: ProjectModel,
  platform: string,
): Promise<readonly StoredFile[]> {
  const wanted = TARGETS_OF[platform] ?? [];
  const targets = TARGETS.filter(target => wanted.includes(target.id) && target.applies(model));
  if (wanted.length > 0 && !targets.some(({ id }) => id === platform))
    throw new UsageError(`${context.configFile} does not render for ${platform}: name it under targets`);
  const engine = await createEngine({ overrides: await readOverrides(context.root) });
  const artifacts = renderArtifacts(model, targets, engine);
  const planned = await plan(context.root, artifacts, { targets: targets.map(({ id }) => id) });
  const unsettled = planned.changes.filter(({ action }) => action === 'conflict' || action === 'foreign');
  if (unsettled.length > 0)
    throw new UsageError(
      `${unsettled.map(({ path }) => path).join(', ')}: settle this first: aideploy render`,
    );
  const stale = planned.changes.filter(
    ({ action }) => action === 'create' || action === 'update' || action === 'merge',
  );
  // Files of an environment have the paths of the base: on disk is whichever was rendered last.
  const isItsOwn = context.environment === undefined || platform === 'kubernetes';
  if (stale.length > 0 && isItsOwn)
    throw new UsageError(
      `${stale[0]?.path}${stale.length > 1 ? ` and ${stale.length - 1} more` : ''}: not as the configuration says; ` +
        'run `aideploy render`, look at what changed, then deploy it',
    );
  const rendered = planned.changes
    .filter(({ deleted, stale: gone }) => !deleted && !gone)
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
  return Promise.all([...rendered, ...(wanted.length > 0 ? [configuration(context)] : [])]);
}

/** By which it is verified, also when somebody returns to it and the project says something else by then. */
export const CONFIGURATION = 'aideploy.yaml';

const configuration = async ({ root, configFile }: Context): Promise<StoredFile> => ({
  path: CONFIGURATION,
  content: await readFile(resolve(root, configFile), 'utf8'),
  mode: 0o644,
});

/** Of the whole file: what a workflow builds, an environment may not have. */
const builtIn = ({ base, services }: ProjectModel): string[] => [
  ...new Set([...base.services, ...services].filter(isBuilt).map(({ key }) => key)),
];

export async function strategyFor(
  context: Context,
  model: ProjectModel,
  platform: string,
  { host, build, image }: Pick<DeployOptions, 'host' | 'build' | 'image'>,
): Promise<Strategy> {
  const make = await STRATEGIES[platform]?.();
  if (!make) throw new UsageError(`no platform ${platform}`);
  const surroundings = {
    model,
    root: context.root,
    hosts: host ?? [],
    build,
    images: imagesOf(image ?? [], platform, builtIn(model)),
    by: by(),
    commit: await commitOf(context),
  };
  const { value, obstacle } = await make(surroundings);
  if (obstacle) throw new NoAnswerError(`${obstacle.why}; ${obstacle.next}`);
  return value;
}

/** Who is told to have done it. In a workflow that is who started it. */
export const by = (): string => {
  const name = process.env['GITHUB_ACTOR'] ?? process.env['SUDO_USER'] ?? userInfo().username;
  return `${name}@${hostname()}`.replaceAll(/[^A-Za-z0-9_.@-]/g, '_');
};

export async function commitOf({ root }: Context): Promise<string | null> {
  const asked = await run({ ...command('git', 'rev-parse', 'HEAD'), cwd: root });
  return asked.status === 'ok' ? asked.stdout.trim() : null;
}

/** By the flag, the environment, the configuration, else what git calls this commit. */
export async function tagFor(
  { root }: Context,
  model: ProjectModel,
  given: string | undefined,
): Promise<string> {
  const known = given ?? process.env['AIDEPLOY_TAG'] ?? model.image.tag;
  if (known) return known;
  const asked = await run({ ...command('git', 'describe', '--tags', '--always'), cwd: root });
  if (asked.status === 'ok' && asked.stdout.trim() !== '') return asked.stdout.trim();
  throw new UsageError('which release? name it with --tag, or in $AIDEPLOY_TAG');
}

/** Of all files in the folder of the migrations; undefined where the configuration names none, or there are none. */
export async function migrationsOf(
  { root }: Context,
  { database }: ProjectModel,
): Promise<string | undefined> {
  const folder = database?.migrations?.files;
  if (folder === undefined) return undefined;
  const entries = await readdir(resolve(root, folder), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const paths = entries.filter(each => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  if (paths.length === 0) return undefined;
  const texts = paths.sort().map(async path => [relative(root, path), await readFile(path, 'utf8')]);
  return hash((await Promise.all(texts)).flat());
}

export const hash = (texts: readonly string[]): string => {
  const sum = createHash('sha256');
  for (const text of texts) sum.update(`${Buffer.byteLength(text)}:`).update(text);
  return sum.digest('hex');
};
