import { setTimeout as sleep } from 'node:timers/promises';
import { command } from '../../../exec/command.ts';
import { type Container, containersOf, logEnd } from '../../../platforms/compose/containers.ts';
import { lastLines, tellingLine } from '../../../platforms/last-lines.ts';
import { typed } from '../../../platforms/systemd/as-root.ts';
import { runOnHost } from '../../host-step.ts';
import type { Release } from '../../release.ts';
import type { Control, Step, StepEnd } from '../../strategy.ts';
import type { Unit } from './file.ts';
import { compose, type Place } from './place.ts';
import { type Watch, watch } from './watch.ts';

const PAUSE = 500;
/** Lines of a log in which the reason stands, stacks behind it included. */
const STACK = 60;
/** The engine itself calls a container unhealthy long before; a start that never ends is one too. */
const LONGEST = 3_600_000;

/** One service: the new beside the old where two can run, else in its place; nothing where it is there already. */
export function switchService(place: Place, release: Release, unit: Unit, outage: string): Step {
  const { name, replicas, alone } = unit;
  const up = ['up', '--detach', '--no-deps', '--pull', 'never'];
  return {
    title: `switch ${name} where it changed, ${alone === undefined ? 'the new beside the old' : `in its place because of ${alone}: ${outage}`}`,
    command: typed(place.machine, compose(place, release, [...up, name])),
    async perform(control) {
      const watched = watch();
      const found = await look(place, release, unit, control, watched);
      if ('end' in found) return found.end;
      const { good, bad, former } = found;
      if (good.length === replicas && former.length === 0 && bad.length === 0) {
        const end = await awaitHealth(place, release, unit, control, watched);
        return end.status === 'done' ? { ...end, note: 'it runs already' } : end;
      }
      const gone = await remove(place, bad, control);
      if (gone) return gone;
      const beside = alone === undefined && former.length > 0;
      const scale = `${name}=${beside ? Math.max(replicas, good.length) + former.length : replicas}`;
      const flags = [...(beside ? ['--no-recreate'] : []), '--scale', scale];
      if (good.length < replicas || !beside) {
        const end = await runOnHost(place.machine, compose(place, release, [...up, ...flags, name]), control);
        if (end.status !== 'done') return end;
      }
      const end = await awaitHealth(place, release, unit, control, watched);
      if (end.status !== 'done' || !beside) return end;
      return (await remove(place, former, control)) ?? end;
    },
  };
}

interface Found {
  /** Made from this release, and not ended. */
  readonly good: readonly Container[];
  /** Made from this release, and of no use any more. */
  readonly bad: readonly Container[];
  /** Made from another. */
  readonly former: readonly Container[];
}

/** Compose marks a container with a hash of all that it was made from. */
async function look(
  place: Place,
  release: Release,
  { name }: Unit,
  control: Control,
  watched: Watch = watch(),
): Promise<Found | { readonly end: StepEnd }> {
  const { machine, project } = place;
  let wanted: string | undefined;
  const asked = await runOnHost(
    machine,
    compose(place, release, ['config', '--hash', name]),
    control,
    ({ stdout }) => {
      wanted = stdout.trim().split(/\s+/)[1];
      return undefined;
    },
  );
  if (asked.status !== 'done') return { end: asked };
  const all = await containersOf(machine, project, control);
  if (all.obstacle) return { end: { status: 'obstructed', obstacle: all.obstacle } };
  const own = all.value.filter(({ service }) => service === name);
  const ours = own.filter(({ hash }) => hash === wanted);
  watched.see(own);
  return {
    good: ours.filter(watched.isUsable),
    bad: ours.filter(each => !watched.isUsable(each)),
    former: own.filter(({ hash }) => hash !== wanted),
  };
}

/** Each is given its own time to drain, which it was made with. */
async function remove(
  { machine }: Place,
  containers: readonly Container[],
  control: Control,
): Promise<StepEnd | undefined> {
  for (const { id } of containers)
    for (const args of [
      ['stop', id],
      ['rm', '--force', id],
    ]) {
      const end = await runOnHost(machine, command('docker', ...args), control);
      // Somebody else's hand, or that of a run before, was quicker.
      if (end.status !== 'done' && !(end.status === 'failed' && /No such container/.test(end.cause)))
        return end;
    }
  return undefined;
}

async function awaitHealth(
  place: Place,
  release: Release,
  unit: Unit,
  control: Control,
  watched: Watch,
): Promise<StepEnd> {
  const deadline = performance.now() + LONGEST;
  while (!control.signal.aborted && performance.now() < deadline) {
    const found = await look(place, release, unit, control, watched);
    if ('end' in found) return found.end;
    const [bad] = found.bad;
    if (bad) {
      const end = await failure(place, bad, control);
      // What failed beside the old one is of no use, and the old one serves on.
      if (found.former.length > 0) await remove(place, [...found.bad, ...found.good], control);
      return end;
    }
    if (found.good.length >= unit.replicas && found.good.every(watched.isWell)) return { status: 'done' };
    await sleep(PAUSE, undefined, { signal: control.signal }).catch(() => undefined);
  }
  return { status: 'obstructed', obstacle: { why: 'interrupted', next: 'run it again' } };
}

async function failure(place: Place, container: Container, { signal }: Control): Promise<StepEnd> {
  const log = await logEnd(place.machine, container.id, STACK, { signal });
  const telling = tellingLine(log);
  const said = telling === undefined ? '' : `; it said last: ${telling}`;
  const cause = `${container.name} ${failureOf(container)}${said}`;
  return { status: 'failed', cause, details: lastLines(log) };
}

function failureOf({ state, health, lastCheck, exitCode, error, outOfMemory, restarts }: Container): string {
  if (error !== '') return `could not be started: ${error}`;
  if (outOfMemory) return 'was ended for want of memory';
  // What has ended is called unhealthy too, though nothing was checked.
  if (health === 'unhealthy' && state === 'running' && restarts === 0)
    return `is not healthy: ${lastCheck?.split('\n').at(-1) || 'its check says nothing'}`;
  return restarts > 0 ? 'ends at its start, again and again' : `ended at its start with ${exitCode}`;
}

/** A task runs to its end; one that ended well for the same release is not run again unless it has to be. */
export function runTask(place: Place, release: Release, unit: Unit, again: boolean): Step {
  const { name } = unit;
  const up = ['up', '--detach', '--no-deps', '--pull', 'never'];
  return {
    title: again ? `run ${name} of ${release.id}` : `run ${name}, unless it has`,
    command: typed(place.machine, compose(place, release, [...up, name])),
    async perform(control) {
      const found = await look(place, release, unit, control);
      if ('end' in found) return found.end;
      const ended = found.bad.find(({ state, exitCode }) => state === 'exited' && exitCode === 0);
      if (ended && !again) return { status: 'done', note: 'it has' };
      const gone = await remove(place, found.bad, control);
      if (gone) return gone;
      const end = await runOnHost(place.machine, compose(place, release, [...up, name]), control);
      return end.status === 'done' ? ending(place, release, unit, control) : end;
    },
  };
}

async function ending(place: Place, release: Release, unit: Unit, control: Control): Promise<StepEnd> {
  const { machine } = place;
  const started = await look(place, release, unit, control);
  if ('end' in started) return started.end;
  const [container] = [...started.good, ...started.bad];
  if (!container) return { status: 'failed', cause: `${unit.name} has no container` };
  const waited = await runOnHost(machine, command('docker', 'wait', container.id), control);
  if (waited.status !== 'done') return waited;
  const ended = await look(place, release, unit, control);
  if ('end' in ended) return ended.end;
  const exitCode = ended.bad.find(({ id }) => id === container.id)?.exitCode;
  if (exitCode === 0) return { status: 'done' };
  const log = await logEnd(machine, container.id, STACK, control);
  return {
    status: 'failed',
    cause: `${unit.name} ended with ${exitCode}: ${tellingLine(log) ?? 'it says nothing'}`,
    details: lastLines(log),
  };
}
