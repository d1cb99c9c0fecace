import type { V1Deployment, V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import type { Cluster } from '../../platforms/kubernetes/cluster.ts';
import {
  isReady,
  lastWarning,
  lastWords,
  type PodTrouble,
  podsPath,
  podTrouble,
  restartsOf,
} from '../../platforms/kubernetes/pods.ts';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';
import type { RolloutRow } from '../verification.ts';
import { reach, type Workload, workloadPath } from './workloads.ts';

type Controller = V1Deployment & V1StatefulSet;

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

/** What is still to come of a rollout, by the numbers that its controller keeps. */
function unfinishedOf(
  { kind, metadata, spec, status }: Controller,
  pods: readonly V1Pod[],
): string | undefined {
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, conditions = [] } = status ?? {};
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0))
    return 'its controller has not seen the last change yet';
  // Out of time, or refused by a quota or the namespace's rules.
  const stuck = conditions.find(
    ({ type, status: is }) =>
      (type === 'Progressing' && is === 'False') || (type === 'ReplicaFailure' && is === 'True'),
  );
  if (wanted === 0) return 'it is scaled to 0';
  if (updatedReplicas < wanted)
    return `${updatedReplicas} of ${wanted} pods are new${stuck ? ` (${stuck.message})` : ''}`;
  if (replicas > updatedReplicas) return `${count(replicas - updatedReplicas, 'old')} left`;
  if (readyReplicas < wanted)
    return `${readyReplicas} of ${wanted} pods are ready${stuck ? ` (${stuck.message})` : ''}`;
  if (kind === 'StatefulSet' && status?.currentRevision !== status?.updateRevision)
    return 'its update is not over';
  const staying = pods.filter(pod => pod.metadata?.deletionTimestamp === undefined).length;
  return staying > wanted
    ? `${count(staying - wanted, 'more')} there than wanted, with its labels`
    : undefined;
}

async function told(
  cluster: Cluster,
  namespace: string,
  trouble: PodTrouble,
  signal: AbortSignal,
): Promise<string> {
  const [event, log] = await Promise.all([
    lastWarning(cluster, namespace, trouble.pod, signal),
    lastWords(cluster, namespace, trouble, signal),
  ]);
  return [
    `pod ${trouble.pod}: ${trouble.reason}${trouble.message ? ` (${trouble.message})` : ''}`,
    ...(event ? [`event ${event}`] : []),
    ...(log.length > 0 ? [`it said last: ${log.join(' / ')}`] : []),
  ].join('; ');
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

const count = (number: number, which: string): string =>
  `${number} ${which} ${number === 1 ? 'pod is' : 'pods are'}`;
