import { command } from '../../../exec/command.ts';
import type { Answer } from '../../../platforms/answer.ts';
import { type Container, containersOf } from '../../../platforms/compose/containers.ts';
import { obstacleOf } from '../../../platforms/machine.ts';
import type { Release } from '../../release.ts';
import type { Store } from '../../store.ts';
import type { Standing } from '../../strategy.ts';
import type { Place } from './place.ts';

/** What the link names; whether the folder, or the one it would be made in, may be written. */
const LOOK = [
  'readlink "$1/current" || echo none',
  'd=$1',
  'while [ ! -e "$d" ]; do d=$(dirname "$d"); done',
  'if [ -w "$d" ]; then echo yes; else echo no; fi',
].join('; ');

export async function inspect(place: Place, store: Store, signal: AbortSignal): Promise<Answer<Standing>> {
  const { machine, project, state } = place;
  const all = await containersOf(machine, project, { signal });
  if (all.obstacle) return all;
  const looked = await machine.run(command('sh', '-c', LOOK, 'sh', state), { signal });
  const obstacle = obstacleOf(machine, 'sh', looked);
  if (obstacle) return { obstacle };
  const [link = '', writable] = looked.stdout.trim().split('\n');
  if (writable !== 'yes')
    return { obstacle: { why: `${state} on ${machine.name} cannot be written`, next: place.make } };
  const releases = await store.releases(signal);
  if (releases.obstacle) return releases;
  const running = all.value.filter(({ state: now }) => now === 'running' || now === 'restarting');
  return { value: { current: currentOf(running, releases.value, link), empty: running.length === 0 } };
}

/** Whose images run for most of its services; the one that the link names where several have as many, then the newest. */
function currentOf(
  running: readonly Container[],
  releases: readonly Release[],
  link: string,
): string | undefined {
  const named = link.split('/')[0];
  const score = ({ images }: Release) =>
    Object.entries(images).filter(([service, image]) =>
      running.some(container => container.service === service && container.image === image),
    ).length;
  const rank = (release: Release) => [score(release), release.id === named ? 1 : 0, release.sequence];
  const [best] = releases
    .filter(release => score(release) > 0)
    .sort((a, b) => {
      const [x, y] = [rank(a), rank(b)];
      const i = x.findIndex((value, k) => value !== y[k]);
      return i < 0 ? 0 : (y[i] ?? 0) - (x[i] ?? 0);
    });
  return best?.id;
}
