import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { command } from '../../exec/command.ts';
import { run } from '../../exec/run.ts';
import { isBuilt, type ProjectModel } from '../../model/model.ts';
import { STRATEGIES } from '../../release/strategies/all.ts';
import type { Strategy } from '../../release/strategy.ts';
import type { Context } from '../context.ts';
import { NoAnswerError, UsageError } from '../exit.ts';
import { lastingTag } from '../tag.ts';
import { type DeployOptions, imagesOf } from './options.ts';

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
  if (given !== undefined) return lastingTag(given, '--tag');
  const known = process.env['AIDEPLOY_TAG'];
  if (known) return lastingTag(known, 'AIDEPLOY_TAG');
  if (model.image.tag !== undefined) return model.image.tag;
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
