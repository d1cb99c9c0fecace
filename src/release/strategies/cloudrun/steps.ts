import { setTimeout as sleep } from 'node:timers/promises';
import { command, shellLine } from '../../../exec/command.ts';
import { gcloudText } from '../../../platforms/cloudrun/gcloud.ts';
import type { Control, Goal, Step, StepEnd } from '../../strategy.ts';
import { makeRevisions, scriptOf } from './hand.ts';
import { revisionOf, sharesOf } from './inspect.ts';
import type { Place } from './place.ts';

const ALL = 100;

export const candidates = (place: Place, { release }: Goal): Step => ({
  title: `make a revision of ${place.units.join(', ')} for ${release.id} without traffic, and ask it at its own URL`,
  command: shellLine(scriptOf(release)),
  perform: control => makeRevisions(place, release, control),
});

/** On the way back they are there as a rule; nobody waits for their programs to be asked. */
export const present = (place: Place, { release }: Goal): Step => ({
  title: `find the revisions of ${release.id}`,
  command: place.units
    .map(unit => shellLine(command('gcloud', 'run', 'revisions', 'list', `--service=${unit}`, ...at(place))))
    .join('\n'),
  async perform(control) {
    for (const unit of place.units) {
      const { value, obstacle } = await revisionOf(place, unit, release.id, control.signal);
      if (obstacle) return { status: 'obstructed', obstacle };
      if (value) continue;
      control.say(`${unit} has none that is ready: it is made again, of the same image and secrets`);
      return makeRevisions(place, release, control);
    }
    return { status: 'done' };
  },
});

/** While it has some of the traffic, the revision alone is asked: an answer of the service may be the other's. */
export const watch = (place: Place, { release }: Goal, percent: number): Step => ({
  title: `watch ${release.id} for ${place.pause / 1_000} s at ${percent} %`,
  command: shellLine(scriptOf(release)),
  async perform(control) {
    await sleep(place.pause, undefined, { signal: control.signal });
    return makeRevisions(place, release, control);
  },
});

/**
 * One call of gcloud for each service, not deploy.sh's own steps: a script that outlives a run that was killed could
 * move traffic against the next one.
 */
export const shift = (place: Place, { release }: Goal, percent: number): Step => ({
  title: `give ${release.id} ${percent === ALL ? 'all' : `${percent} %`} of the traffic of ${place.units.join(', ')}`,
  command: place.units
    .map(unit => shellLine(command('gcloud', ...moving(place, unit, 'REVISION', percent))))
    .join('\n'),
  async perform(control) {
    const notes: string[] = [];
    for (const unit of place.units) {
      const end = await move(place, unit, release.id, percent, control);
      if (end.status !== 'done') return end;
      if (end.note !== undefined) notes.push(end.note);
    }
    return { status: 'done', note: notes.join('; ') };
  },
});

const at = ({ project, region }: Place) => [`--project=${project}`, `--region=${region}`];

const moving = (place: Place, unit: string, revision: string, percent: number) => [
  ...['run', 'services', 'update-traffic', unit, `--to-revisions=${revision}=${percent}`],
  ...at(place),
];

async function move(
  place: Place,
  unit: string,
  release: string,
  percent: number,
  { signal }: Control,
): Promise<StepEnd> {
  const { value: revision, obstacle } = await revisionOf(place, unit, release, signal);
  if (obstacle) return { status: 'obstructed', obstacle };
  if (!revision) return { status: 'failed', cause: `${unit} has no revision of ${release} that is ready` };
  const { name } = revision.metadata;
  const shares = await sharesOf(place, unit, signal);
  if (shares.obstacle) return { status: 'obstructed', obstacle: shares.obstacle };
  // Traffic that follows the latest revision is not pinned to this one.
  const had = (shares.value ?? [])
    .filter(
      ({ revisionName, latestRevision }) => revisionName === name && !(latestRevision && percent === ALL),
    )
    .reduce((sum, share) => sum + (share.percent ?? 0), 0);
  if (had >= percent) return { status: 'done', note: `${name} has ${had} % already` };
  const moved = await gcloudText(moving(place, unit, name, percent), signal);
  if (moved.obstacle) return { status: 'obstructed', obstacle: moved.obstacle };
  if (moved.value === undefined) return { status: 'failed', cause: `${unit}: ${name} is gone` };
  return { status: 'done', note: `${name} ${percent} %, pinned by its name` };
}
