import type { Answer } from '../../platforms/answer.ts';
import { containersOf, docker } from '../../platforms/compose/containers.ts';
import type { Machine } from '../../platforms/machine.ts';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';
import type { ComposeService } from './project.ts';

export interface Wanted extends ComposeService {
  readonly tag: string | undefined;
}

export async function lookAtImages(
  { machine, project, service, image, tag, task }: Wanted,
  signal: AbortSignal,
): Promise<Observation> {
  const repository = repositoryOf(image);
  const expected = `${repository}${tag === undefined ? '' : `:${tag}`}, the same in all`;
  const { value: all, obstacle } = await containersOf(machine, project, { signal });
  if (obstacle) return blocked(obstacle, expected);
  const own = all.filter(each => each.service === service);
  const [first] = own;
  const next = 'docker compose -f compose.prod.yaml up --detach --wait';
  if (!first && task) return pass(`no container of ${service}: nothing of it is left to look at`);
  if (!first) return fail({ observed: `no container of ${service}`, expected, next });
  const isWanted = (name: string) =>
    repositoryOf(name) === repository && (tag === undefined || isOf(tag, tagIn(name)));
  for (const each of own) {
    const names = await namesOf(machine, each.image, signal);
    if (names.obstacle) return blocked(names.obstacle, expected);
    if (!names.value.some(isWanted))
      return fail({ observed: `${each.name} runs ${names.value[0] ?? each.image}`, expected, next });
  }
  const ids = new Set(own.map(({ imageId }) => imageId));
  if (ids.size > 1) return fail({ observed: `${ids.size} images run as ${service}`, expected, next });
  const now = await docker(machine, ['image', 'inspect', '--format', '{{json .}}', first.image], { signal });
  if (now.obstacle) return blocked(now.obstacle, `${first.image} to be looked at`);
  const { Id: id, RepoDigests: digests } = JSON.parse(now.value) as {
    Id: string;
    RepoDigests?: string[] | null;
  };
  if (id !== first.imageId)
    return fail({
      observed: `${first.name} runs ${short(first.imageId)}, while ${first.image} is ${short(id)} by now`,
      expected,
      next,
    });
  return pass(`${first.image} is ${digests?.[0] ?? short(id)}`);
}

/** The tag itself, or the name by which a release of that tag keeps its image. */
const isOf = (tag: string, found: string): boolean =>
  found === tag ||
  (found.startsWith('aideploy-') &&
    [found, found.replace(/-\d+$/, '')].some(name => name.endsWith(`-${tag}`)));

const tagIn = (image: string): string => image.replace(/@.*$/, '').replace(/^.*:/, '');

/** An image that a release pinned by its id has the names that the engine knows for it. */
async function namesOf(machine: Machine, image: string, signal: AbortSignal): Promise<Answer<string[]>> {
  if (!image.startsWith('sha256:')) return { value: [image] };
  const asked = await docker(machine, ['image', 'inspect', '--format', '{{json .RepoTags}}', image], {
    signal,
  });
  return asked.obstacle ? asked : { value: (JSON.parse(asked.value) as string[] | null) ?? [] };
}

/** Without the tag, which may be a variable of Compose. */
const repositoryOf = (image: string): string => image.replace(/@.*$/, '').replace(/:(?:\$\{.*|[^/:]+)$/, '');
const short = (id: string): string => id.slice(0, 'sha256:'.length + 12);
