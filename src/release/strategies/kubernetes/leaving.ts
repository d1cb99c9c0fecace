import type { V1Pod } from '@kubernetes/client-node';
import { pathOf } from '../../../platforms/kubernetes/discovery.ts';
import { podsPath } from '../../../platforms/kubernetes/pods.ts';
import type { Controller } from '../../../platforms/kubernetes/rollout.ts';
import type { Control, Goal, Step, StepEnd } from '../../strategy.ts';
import { obstructed, type Since, stopwatch, untilEnd } from './looking.ts';
import { isWorkload, objectsIn, type Workload } from './objects.ts';
import type { Place } from './place.ts';

/** kube-proxy writes its rules at most once a second, after it has heard: https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
const UNHEARD = 2_000;

/**
 * Pods that were told to stop still get requests until every proxy knows, which is what their preStop waits for: until
 * then a former pod may answer what the new ones are asked.
 */
export const alone = (place: Place, goal: Goal): Step => ({
  title: `wait until nothing but ${goal.release.id} is sent requests`,
  command: undefined,
  perform: control => untilLeft(place, (objectsIn(goal.files) ?? []).filter(isWorkload), control),
});

function untilLeft(place: Place, workloads: readonly Workload[], control: Control): Promise<StepEnd> {
  const since = stopwatch();
  return untilEnd(control, async () => {
    const serving: string[] = [];
    for (const workload of workloads) {
      const { value, obstacle } = await podsOf(place, workload, control.signal);
      if (obstacle) return obstructed(obstacle);
      serving.push(...value.filter(pod => maySee(pod, since)).map(({ metadata }) => metadata?.name ?? ''));
    }
    if (serving.length === 0) return { end: { status: 'done' } };
    return { coming: `${serving.join(', ')} may still get requests` };
  });
}

async function podsOf(place: Place, workload: Workload, signal: AbortSignal) {
  const { cluster } = place;
  const path = await pathOf(cluster, workload, signal);
  if (path.obstacle) return { obstacle: path.obstacle };
  const live = await cluster.get<Controller>(path.value ?? '', signal);
  if (live.obstacle) return { obstacle: live.obstacle };
  const labels = live.value?.spec?.selector.matchLabels;
  if (!labels) return { value: [] };
  const namespace = workload.metadata.namespace ?? place.namespace;
  const pods = await cluster.get<{ items: V1Pod[] }>(podsPath(namespace, labels), signal);
  return pods.obstacle ? { obstacle: pods.obstacle } : { value: pods.value?.items ?? [] };
}

/** By how long it is known to this run to leave, since the cluster's clock may be another. */
function maySee({ metadata, spec, status }: V1Pod, since: Since): boolean {
  if (metadata?.deletionTimestamp === undefined) return false;
  const ended = status?.containerStatuses?.every(({ state }) => state?.terminated !== undefined);
  if (ended) return false;
  const sleeps = spec?.containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0) ?? [];
  return since(metadata.uid ?? '') < Math.max(UNHEARD, ...sleeps.map(seconds => seconds * 1_000));
}
