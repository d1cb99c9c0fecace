import type { Obstacle } from '../../../platforms/answer.ts';
import { type Applied, adopt, applyObject } from '../../../platforms/kubernetes/apply.ts';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import { hasField } from '../../../platforms/kubernetes/fields.ts';
import { MANAGER, marked } from '../../../platforms/kubernetes/marks.ts';
import type { Conflict } from '../../../platforms/kubernetes/refusal.ts';
import type { Control, StepEnd } from '../../strategy.ts';
import { handOver } from './hand-over.ts';
import { groups, identityOf, titleOf } from './objects.ts';
import type { Place } from './place.ts';

interface Sending {
  readonly release: string;
  /** What was applied before; undefined where nothing of ours was. */
  readonly former: readonly KubeObject[] | undefined;
  /** On the way back: all that it sets was ours once. */
  readonly back: boolean;
  readonly dryRun: boolean;
}

/** Whatever of it is there already stays as it is, so that a run that was killed is finished by the next. */
export async function applyAll(
  place: Place,
  objects: readonly KubeObject[],
  sending: Sending,
  { signal }: Control,
): Promise<StepEnd> {
  for (const group of groups(objects)) {
    const ends = await Promise.all(group.map(object => send(place, object, sending, signal)));
    const bad =
      ends.find(({ status }) => status === 'failed') ?? ends.find(({ status }) => status !== 'done');
    if (bad) return bad;
  }
  return { status: 'done', note: `${objects.length} objects` };
}

const obstructed = (obstacle: Obstacle): StepEnd => ({ status: 'obstructed', obstacle });

async function send(
  place: Place,
  object: KubeObject,
  sending: Sending,
  signal: AbortSignal,
): Promise<StepEnd> {
  const { cluster } = place;
  const former = sending.former?.find(each => identityOf(each) === identityOf(object));
  const wanted = marked(object, sending.release);
  const apply = (force: boolean) =>
    applyObject(cluster, wanted, { manager: MANAGER, dryRun: sending.dryRun, force }, signal);
  if (!sending.dryRun) {
    const prepared = await prepare(place, object, sending, former, signal);
    if (prepared) return obstructed(prepared);
  }
  let { value, obstacle } = await apply(sending.back);
  if (value?.status === 'conflict' && value.conflicts.every(each => mayTake(each, former)))
    ({ value, obstacle } = await apply(true));
  return obstacle ? obstructed(obstacle) : endOf(object, value, former);
}

/** Before the first of our applies `kubectl apply` may have been there; and a number of copies may find a new owner. */
async function prepare(
  { cluster }: Place,
  object: KubeObject,
  { former: all }: Sending,
  former: KubeObject | undefined,
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  const adopted = all === undefined ? await adopt(cluster, object, MANAGER, signal) : undefined;
  if (adopted?.obstacle) return adopted.obstacle;
  return (await handOver(cluster, object, all === undefined ? object : former, signal)).obstacle;
}

/** kubectl's were taken over with the first deploy; how many copies there are is the release's where it says so. */
const mayTake = ({ manager, field }: Conflict, former: KubeObject | undefined): boolean =>
  manager.startsWith(MANAGER) ||
  manager === 'kubectl-client-side-apply' ||
  field === '.spec.replicas' ||
  hasField(former, field);

function endOf(object: KubeObject, applied: Applied | undefined, former: KubeObject | undefined): StepEnd {
  if (applied?.status === 'refused')
    return { status: 'failed', cause: `the cluster refuses ${titleOf(object)}: ${applied.why}` };
  if (applied?.status !== 'conflict') return { status: 'done' };
  const theirs = applied.conflicts.filter(each => !mayTake(each, former));
  const [first] = theirs;
  const more = theirs.length > 1 ? `, and ${theirs.length - 1} more` : '';
  return {
    status: 'failed',
    cause: `${titleOf(object)}: ${first?.field} was set by ${first?.manager}${more}; the release wants another value`,
    details: [
      ...theirs.map(({ manager, field }) => `${manager}: ${field}`),
      `let ${first?.manager} give it up, or set it to what the release has`,
    ],
  };
}
