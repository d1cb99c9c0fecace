import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { command } from '../../../exec/command.ts';
import type { Answer } from '../../../platforms/answer.ts';
import { docker } from '../../../platforms/compose/containers.ts';
import type { Machine } from '../../../platforms/machine.ts';
import { digestOf } from '../../../platforms/registry/digest.ts';
import { repositoryOf } from '../../../platforms/registry/reference.ts';
import type { Release, StoredFile } from '../../release.ts';
import type { Content } from '../../strategy.ts';
import { type Unit, unitsIn } from './file.ts';

export const RELEASE_FILE = 'compose.release.yaml';

/** Each image as it stays, and the file that says so to Compose. */
export async function contentOf(
  machine: Machine,
  tag: string,
  rendered: readonly StoredFile[],
  sources: readonly StoredFile[],
  signal: AbortSignal,
): Promise<Answer<Content>> {
  const units = unitsIn(rendered, tag);
  const images: Record<string, string> = {};
  const known = new Map<string, string>();
  for (const { name, image } of units) {
    // What another variable names is left to Compose and .env.
    if (image === undefined || image.includes('$')) continue;
    const pinned = known.get(image) ?? (await pin(machine, image, signal));
    if (typeof pinned === 'object') return pinned;
    known.set(image, pinned);
    images[name] = pinned;
  }
  const files = [...rendered, ...sources];
  return {
    value: {
      images,
      checksums: {},
      secrets: {},
      files: [...sources, { path: RELEASE_FILE, content: overrideOf(units, images, files), mode: 0o644 }],
    },
  };
}

/**
 * As the engine has it, since that is what Compose would start; else as the registry does. An image that was built
 * there has no digest, and is named by its id.
 */
async function pin(
  machine: Machine,
  image: string,
  signal: AbortSignal,
): Promise<string | { readonly obstacle: NonNullable<Answer<never>['obstacle']> }> {
  const version = await docker(machine, ['version', '--format', '{{.Server.Version}}'], { signal });
  if (version.obstacle) return { obstacle: version.obstacle };
  const local = await machine.run(command('docker', 'image', 'inspect', '--format', '{{json .}}', image), {
    signal,
  });
  if (local.status === 'ok') {
    const { Id: id, RepoDigests: digests } = JSON.parse(local.stdout) as {
      Id: string;
      RepoDigests?: string[] | null;
    };
    const digest = digests?.find(each => each.startsWith(`${repositoryOf(image)}@`))?.split('@')[1];
    return digest === undefined ? id : `${image.replace(/@.*$/, '')}@${digest}`;
  }
  const missing = (why: string) => ({
    obstacle: {
      why: `the image ${image} is missing: ${machine.name} does not have it, and ${why}`,
      next: 'build it there, or push it: scripts/build.sh --push',
    },
  });
  const remote = await digestOf(image, signal);
  if (remote.obstacle) return missing(remote.obstacle.why);
  if (remote.value === undefined) return missing('its registry has no such tag');
  return `${image.replace(/@.*$/, '')}@${remote.value}`;
}

/** A service whose mounted files changed is another one, though Compose sees only their paths. */
function overrideOf(
  units: readonly Unit[],
  images: Readonly<Record<string, string>>,
  files: readonly StoredFile[],
): string {
  const services = units.map(({ name, binds }) => {
    const read = files.filter(({ path }) => binds.includes(path));
    const sum = createHash('sha256');
    for (const { path, content, mode } of read) sum.update(`${path}\0${mode}\0${content}\0`);
    const image = images[name];
    return [
      name,
      {
        ...(image !== undefined && { image }),
        ...(read.length > 0 && { labels: { 'aideploy.files': sum.digest('hex').slice(0, 16) } }),
      },
    ] as const;
  });
  return stringify({ services: Object.fromEntries(services) });
}

/** The tag by which a release keeps its images from being pruned; no other deployment of the engine has the same. */
export const keptTag = (deployment: string, { id }: Release): string =>
  `aideploy-${deployment}-${id.replaceAll('+', '-')}`;

export function keptNames(
  deployment: string,
  release: Release,
  units: readonly Unit[],
): readonly { readonly image: string; readonly name: string }[] {
  const names = new Map<string, string>();
  for (const [service, image] of Object.entries(release.images)) {
    const written = units.find(({ name }) => name === service)?.image ?? image;
    names.set(image, `${repositoryOf(written)}:${keptTag(deployment, release)}`);
  }
  return [...names].map(([image, name]) => ({ image, name }));
}
