import type { V1Pod } from '@kubernetes/client-node';
import { podsPath } from '../../../platforms/kubernetes/pods.ts';
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
    for (const { metadata, spec } of workloads) {
      const path = podsPath(metadata.namespace ?? place.namespace, spec?.selector?.matchLabels ?? {});
      const { value, obstacle } = await place.cluster.get<{ items: V1Pod[] }>(path, control.signal);
      if (obstacle) return obstructed(obstacle);
      const pods = value?.items.filter(pod => getsRequests(pod, since)) ?? [];
      serving.push(...pods.map(pod => pod.metadata?.name ?? ''));
    }
    if (serving.length === 0) return { end: { status: 'done' } };
    return { coming: `${serving.join(', ')} may still get requests` };
  });
}

/** By how long it is known to this run to leave, since the cluster's clock may be another. */
function getsRequests({ metadata, spec, status }: V1Pod, since: Since): boolean {
  if (metadata?.deletionTimestamp === undefined) return false;
  const ended = status?.containerStatuses?.every(({ state }) => state?.terminated !== undefined);
  if (ended) return false;
  const sleeps = spec?.containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0) ?? [];
  return since(metadata.uid ?? '') < Math.max(UNHEARD, ...sleeps.map(seconds => seconds * 1_000));
}
