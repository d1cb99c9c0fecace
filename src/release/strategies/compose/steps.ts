import { command } from '../../../exec/command.ts';
import { type Container, containersOf, docker } from '../../../platforms/compose/containers.ts';
import { typed } from '../../../platforms/systemd/as-root.ts';
import { runOnHost } from '../../host-step.ts';
import type { Release } from '../../release.ts';
import type { Control, Goal, Step, StepEnd } from '../../strategy.ts';
import { keptNames, keptTag } from './content.ts';
import { MIGRATE, type Unit, unitsIn } from './file.ts';
import { compose, type Place } from './place.ts';
import { runTask, switchService } from './switch.ts';

/** The operator's settings stay where they are: a release only leads to them. */
const LINK =
  'set -eu; cd "$1"; for name in .env secrets; do rm -f "$name"; if [ -e "$2/$name" ]; then ln -s "$2/$name" "$name"; fi; done';
/** By one rename; macOS has another flag for it. */
const POINT =
  'set -eu; cd "$1"; ln -sfn "$2/files" current.new; mv -T current.new current 2>/dev/null || mv -fh current.new current';

const filesOf = ({ state }: Place, { release }: Goal) => `${state}/${release.id}/files`;

/** From what runs to the goal, or back: what others need first, the database's schema before all that reads it. */
export function stepsTo(
  place: Place,
  goal: Goal,
  outage: (service: string) => string,
  migrate: boolean,
): readonly Step[] {
  const { release } = goal;
  const units = unitsIn(goal.files, release.tag).filter(({ manual }) => !manual);
  const each = (unit: Unit): Step[] => {
    if (unit.name === MIGRATE && unit.task)
      return [migrate ? runTask(place, release, unit, true) : removeFailed(place, unit.name)];
    if (unit.task) return [runTask(place, release, unit, false)];
    return [switchService(place, release, unit, outage(unit.name))];
  };
  return [
    settle(place, goal),
    ...keptNames(place.deployment, release, units).map(kept => keep(place, kept)),
    point(place, goal),
    ...units.flatMap(each),
    sweep(place, units),
  ];
}

/** Finds what is missing in .env before anything is touched. */
function settle(place: Place, goal: Goal): Step {
  const { machine } = place;
  const folder = filesOf(place, goal);
  const read = compose(place, goal.release, ['config', '--quiet'], folder);
  return {
    title: `read the files of ${goal.release.id} with the settings of ${place.settings}`,
    command: typed(machine, read),
    async perform(control) {
      const linked = await runOnHost(
        machine,
        command('sh', '-c', LINK, 'sh', folder, place.settings),
        control,
      );
      return linked.status === 'done' ? runOnHost(machine, read, control) : linked;
    },
  };
}

/** Brings an image where it is missing, and gives it a name that keeps it from being pruned. */
function keep({ machine }: Place, { image, name }: { readonly image: string; readonly name: string }): Step {
  const tag = command('docker', 'tag', image, name);
  return {
    title: `keep ${image} as ${name}`,
    command: typed(machine, tag),
    async perform(control) {
      const known = await machine.run(command('docker', 'image', 'inspect', image), control);
      if (known.status !== 'ok' && image.includes('@')) {
        const pulled = await runOnHost(machine, command('docker', 'pull', '--quiet', image), control);
        if (pulled.status !== 'done') return pulled;
      }
      return runOnHost(machine, tag, control);
    },
  };
}

function point({ machine, state }: Place, { release }: Goal): Step {
  const wanted = command('ln', '-sfn', `${release.id}/files`, `${state}/current`);
  return {
    title: `point ${state}/current to ${release.id}`,
    command: typed(machine, wanted),
    perform: control => runOnHost(machine, command('sh', '-c', POINT, 'sh', state, release.id), control),
  };
}

/** On the way back nothing is migrated; a migration that failed is not left lying about. */
const removeFailed = (place: Place, service: string): Step =>
  removal(
    `remove what is left of a ${service} that failed`,
    place,
    each => each.service === service && each.state === 'exited' && each.exitCode !== 0,
  );

/** Services that the release does not have any more. */
const sweep = (place: Place, units: readonly Unit[]): Step =>
  removal(
    'remove services that are no more',
    place,
    ({ service }) => !units.some(({ name }) => name === service),
  );

const removal = (
  title: string,
  { machine, project }: Place,
  isGone: (container: Container) => boolean,
): Step => ({
  title,
  command: undefined,
  async perform(control) {
    const { value, obstacle } = await containersOf(machine, project, control);
    if (obstacle) return { status: 'obstructed', obstacle };
    const gone = value.filter(isGone);
    for (const { id } of gone) {
      const end = await stopped(machine, id, control);
      if (end.status !== 'done') return end;
    }
    return {
      status: 'done',
      ...(gone.length > 0 && { note: gone.map(({ name }) => name).join(', ') }),
    };
  },
});

async function stopped(machine: Place['machine'], id: string, control: Control): Promise<StepEnd> {
  const end = await runOnHost(machine, command('docker', 'stop', id), control);
  return end.status === 'done' ? runOnHost(machine, command('docker', 'rm', id), control) : end;
}

/** The names that kept its images go; Docker itself keeps what still runs. */
export function forgetImages({ machine, deployment }: Place, release: Release): Step {
  const tag = keptTag(deployment, release);
  const list = command('docker', 'image', 'ls', '--format', '{{.Repository}}:{{.Tag}}');
  return {
    title: `give up the images of ${release.id}`,
    command: `${typed(machine, list)} | grep ':${tag}$' | xargs -r docker image rm`,
    async perform(control) {
      const all = await docker(machine, list.args, control);
      if (all.obstacle) return { status: 'obstructed', obstacle: all.obstacle };
      const names = all.value.split('\n').filter(name => name.endsWith(`:${tag}`));
      if (names.length === 0) return { status: 'done' };
      return runOnHost(machine, command('docker', 'image', 'rm', ...names), control);
    },
  };
}
