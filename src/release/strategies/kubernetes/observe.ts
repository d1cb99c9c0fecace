import { pathOf } from '../../../platforms/kubernetes/discovery.ts';
import { MANAGER, RELEASE } from '../../../platforms/kubernetes/marks.ts';
import { refusal } from '../../../platforms/kubernetes/refusal.ts';
import { repositoryOf } from '../../../platforms/registry/reference.ts';
import type { Control, Goal, Step, StepEnd } from '../../strategy.ts';
import { obstructed, stopwatch, untilEnd } from './looking.ts';
import { containersIn, isWorkload, objectsIn, podIn, titleOf, type Workload } from './objects.ts';
import { MERGE, type Place } from './place.ts';
import { rolloutOf } from './rollout.ts';
import { serving } from './wait.ts';

/** Argo CD looks every three minutes, Flux at most every ten. */
const PATIENCE = 900_000;

/** Another tool applies: the objects are those of the release as soon as their images are. */
export function observing(place: Place, goal: Goal): Step[] {
  const workloads = (objectsIn(goal.files) ?? []).filter(isWorkload);
  return [
    {
      title: `wait until somebody has applied ${goal.release.id}`,
      command: undefined,
      perform: control => applied(place, goal, workloads, control),
    },
    serving(place, workloads),
    {
      title: `note on the workloads that they are of ${goal.release.id}`,
      command: undefined,
      perform: ({ signal }) => note(place, goal, workloads, signal),
    },
  ];
}

function applied(
  place: Place,
  { release }: Goal,
  workloads: readonly Workload[],
  control: Control,
): Promise<StepEnd> {
  const since = stopwatch();
  return untilEnd(control, async () => {
    const missing: string[] = [];
    for (const workload of workloads) {
      const { value, obstacle } = await rolloutOf(place, workload, control.signal);
      if (obstacle) return obstructed(obstacle);
      const live = value && containersIn(value.controller.spec?.template.spec).map(({ image = '' }) => image);
      const wanted = containersIn(podIn(workload)).map(({ image = '' }) => image);
      const other = wanted.findIndex((image, index) => !isSame(image, live?.[index]));
      if (other >= 0) missing.push(`${titleOf(workload)} has ${live?.[other] ?? 'not been made'}`);
    }
    if (missing.length === 0) return { end: { status: 'done' } };
    const coming = missing.join('; ');
    const cause = `nobody applied ${release.id} within ${PATIENCE / 60_000} minutes: ${coming}`;
    return since('another release') > PATIENCE ? { end: { status: 'failed', cause } } : { coming };
  });
}

/** Files of a repository say a tag, where a release says the digest too. */
function isSame(wanted: string, live: string | undefined): boolean {
  if (live === undefined) return false;
  const [digest, other] = [wanted, live].map(image => image.split('@')[1]);
  if (digest !== undefined && other !== undefined)
    return digest === other && repositoryOf(wanted) === repositoryOf(live);
  return wanted.replace(/@.*$/, '') === live.replace(/@.*$/, '');
}

/** The one note that is ours on objects that are not: an apply of whoever applies them leaves it alone. */
async function note(
  place: Place,
  { release }: Goal,
  workloads: readonly Workload[],
  signal: AbortSignal,
): Promise<StepEnd> {
  for (const workload of workloads) {
    const { value: path, obstacle } = await pathOf(place.cluster, workload, signal);
    if (obstacle) return { status: 'obstructed', obstacle };
    const request = {
      method: 'PATCH',
      path: `${path}?fieldManager=${MANAGER}`,
      type: MERGE,
      body: { metadata: { annotations: { [RELEASE]: release.id } } },
    } as const;
    const sent = await place.cluster.send(request, signal);
    if (sent.obstacle) return { status: 'obstructed', obstacle: sent.obstacle };
    if (sent.value.status >= 300)
      return { status: 'obstructed', obstacle: refusal(request.path, sent.value) };
  }
  return { status: 'done' };
}
