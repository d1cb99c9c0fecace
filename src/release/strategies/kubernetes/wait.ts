import type { Answer } from '../../../platforms/answer.ts';
import { stuckOf, told } from '../../../platforms/kubernetes/rollout.ts';
import type { Control, Step, StepEnd } from '../../strategy.ts';
import { obstructed, type Since, stopwatch, untilEnd } from './looking.ts';
import { titleOf, type Workload } from './objects.ts';
import { hindranceOf } from './patience.ts';
import type { Place } from './place.ts';
import { type Rollout, rolloutOf } from './rollout.ts';
import { removeStuck } from './stuck.ts';

/** Quotas free themselves while old pods go; and a controller takes a moment to look. */
const REFUSED = 20_000;
const SCALED_DOWN = 30_000;
/** A Deployment has a deadline of its own, after which its controller gives up; the others get this one. */
const STANDSTILL = 900_000;

/** How far a workload is; a hopeless one says why. */
type Progress =
  | { readonly state: 'there' }
  | { readonly state: 'coming'; readonly what: string }
  | { readonly state: 'hopeless'; readonly cause: string; readonly mayBeOthers: boolean };

export const serving = (place: Place, workloads: readonly Workload[]): Step => ({
  title: `wait until ${servingOf(workloads)}`,
  command: workloads
    .map(
      ({ kind, metadata: { name, namespace = place.namespace } }) =>
        `kubectl --namespace ${namespace} rollout status ${kind.toLowerCase()}/${name}`,
    )
    .join(' && '),
  perform: control => waitFor(place, workloads, control),
});

/** Until all of them serve in their newest form, or one never will. */
function waitFor(place: Place, workloads: readonly Workload[], control: Control): Promise<StepEnd> {
  const since = stopwatch();
  return untilEnd(control, async () => {
    const all = await Promise.all(workloads.map(each => progressOf(place, each, since, control.signal)));
    const obstacle = all.find(each => each.obstacle)?.obstacle;
    if (obstacle) return obstructed(obstacle);
    const states = all.flatMap(({ value }) => value ?? []);
    const hopeless = hopelessIn(states);
    if (hopeless !== undefined) return { end: { status: 'failed', cause: hopeless } };
    if (states.every(({ state }) => state === 'there'))
      return { end: { status: 'done', note: servingOf(workloads) } };
    return { coming: states.flatMap(each => (each.state === 'coming' ? each.what : [])).join('; ') };
  });
}

const servingOf = (workloads: readonly Workload[]): string =>
  `${workloads.map(titleOf).join(', ')} ${workloads.length === 1 ? 'serves' : 'serve'}`;

/** A program that ends because another one is not there yet is waited for while that one comes. */
function hopelessIn(states: readonly Progress[]): string | undefined {
  const found = states.flatMap(each => (each.state === 'hopeless' ? each : []));
  const comes = states.some(({ state }) => state === 'coming');
  return found.find(({ mayBeOthers }) => !mayBeOthers || !comes)?.cause;
}

async function progressOf(
  place: Place,
  workload: Workload,
  since: Since,
  signal: AbortSignal,
): Promise<Answer<Progress>> {
  const title = titleOf(workload);
  const { value: rollout, obstacle } = await rolloutOf(place, workload, signal);
  if (obstacle) return { obstacle };
  if (!rollout) return { value: hopeless(`${title} is not there any more: somebody deleted it`) };
  if (rollout.unfinished === undefined) return { value: { state: 'there' } };
  const removed = await removeStuck(place, rollout, signal);
  if (removed.obstacle) return { obstacle: removed.obstacle };
  const refused = refusalOf(title, rollout, since);
  const hindered = await hindranceIn(place, workload, rollout, since, signal);
  const value = hindered ?? (refused === undefined ? undefined : hopeless(refused));
  return { value: value ?? { state: 'coming', what: `${title}: ${rollout.unfinished}` } };
}

const hopeless = (cause: string, mayBeOthers = false): Progress => ({
  state: 'hopeless',
  cause,
  mayBeOthers,
});

/** What its controller itself says, whatever its pods do. */
function refusalOf(
  title: string,
  { controller, unfinished = '' }: Rollout,
  since: Since,
): string | undefined {
  const stuck = stuckOf(controller);
  if (stuck?.reason === 'ProgressDeadlineExceeded') return `${title}: ${unfinished}`;
  if (stuck && since(`${title} ${stuck.reason}`) > REFUSED) return `${title}: ${stuck.message}`;
  const { replicas } = controller.spec ?? {};
  if (replicas === 0 && since(`${title} at 0`) > SCALED_DOWN)
    return `${title} is scaled to 0, and the release does not say how many copies there are`;
  return since(`${title} ${unfinished}`) > STANDSTILL
    ? `${title}: ${unfinished}, and nothing has changed for ${STANDSTILL / 60_000} minutes`
    : undefined;
}

async function hindranceIn(
  { cluster, namespace }: Place,
  workload: Workload,
  { fresh }: Rollout,
  since: Since,
  signal: AbortSignal,
): Promise<Progress | undefined> {
  for (const hindrance of fresh.flatMap(pod => hindranceOf(pod) ?? [])) {
    const { trouble, patience, mayBeOthers } = hindrance;
    if (since(`${trouble.pod} ${trouble.container} ${trouble.reason}`) < patience) continue;
    const cause = await told(cluster, workload.metadata.namespace ?? namespace, trouble, signal);
    // An image of many gigabytes takes its time, and nobody warns of it.
    if (trouble.reason === 'ContainerCreating' && !cause.includes('; event ')) continue;
    return hopeless(`${titleOf(workload)}: ${cause}`, mayBeOthers);
  }
  return undefined;
}
