import type { V1Pod } from '@kubernetes/client-node';
import {
  isReady,
  type PodTrouble,
  podsPath,
  podTrouble,
  restartsOf,
} from '../../platforms/kubernetes/pods.ts';
import { type Controller, told, unfinishedOf } from '../../platforms/kubernetes/rollout.ts';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';
import type { RolloutRow } from '../verification.ts';
import { reach, type Workload, workloadPath } from './workloads.ts';

export async function lookAtRollout(data: Workload, signal: AbortSignal): Promise<Observation> {
  const { namespace, name, kind } = data;
  const expected = `a ${kind} ${name} in ${namespace} whose pods are all new and ready`;
  const cluster = await reach();
  if (cluster.obstacle) return blocked(cluster.obstacle, expected);
  const found = await cluster.value.get<Controller>(workloadPath(data), signal);
  if (found.obstacle) return blocked(found.obstacle, expected);
  if (!found.value)
    return fail({
      observed: `there is no ${kind} ${name} in ${namespace}`,
      expected,
      next: `kubectl -n ${namespace} get all`,
    });
  const listed = await cluster.value.get<{ items: V1Pod[] }>(
    podsPath(namespace, found.value.spec?.selector.matchLabels ?? {}),
    signal,
  );
  if (listed.obstacle) return blocked(listed.obstacle, expected);
  const pods = listed.value?.items ?? [];
  const now = Date.now();
  const troubles = pods.flatMap(pod => podTrouble(pod, now) ?? []);
  const rollout = pods.map(pod =>
    rowOf(
      pod,
      troubles.find(each => each.pod === pod.metadata?.name),
    ),
  );
  const unfinished = unfinishedOf(found.value, pods);
  const [first] = troubles;
  if (!unfinished && !first)
    return pass(`${pods.length} of ${found.value.spec?.replicas ?? 1} pods are new and ready`, { rollout });
  const why = first ? `; ${await told(cluster.value, namespace, first, signal)}` : '';
  const next = first
    ? `kubectl -n ${namespace} describe pod ${first.pod}`
    : `kubectl -n ${namespace} rollout status ${kind.toLowerCase()}/${name}`;
  return fail({
    observed: `${unfinished ?? 'the rollout is complete'}${why}`,
    expected,
    next,
    detail: { rollout },
  });
}

const rowOf = (pod: V1Pod, trouble: PodTrouble | undefined): RolloutRow => ({
  kind: 'Pod',
  name: pod.metadata?.name ?? '',
  state: trouble?.reason ?? (isReady(pod) ? 'Ready' : (pod.status?.phase ?? 'unknown')),
  good: trouble === undefined && isReady(pod),
  notes: [
    ...(restartsOf(pod) > 0 ? [`${restartsOf(pod)} restarts`] : []),
    ...(pod.spec?.containers ?? []).flatMap(({ image }) => image ?? []),
    ...(trouble?.message ? [trouble.message] : []),
  ],
});
