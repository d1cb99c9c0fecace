import type { V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import type { Answer } from '../../../platforms/answer.ts';
import { pathOf } from '../../../platforms/kubernetes/discovery.ts';
import { podsPath } from '../../../platforms/kubernetes/pods.ts';
import { type Controller, unfinishedOf } from '../../../platforms/kubernetes/rollout.ts';
import { selecting } from '../../../platforms/kubernetes/standing.ts';
import type { Workload } from './objects.ts';
import { below, type Place } from './place.ts';

/** A workload on its way. */
export interface Rollout {
  readonly controller: Controller;
  /** What is still to come; undefined where it is there. */
  readonly unfinished: string | undefined;
  /** Of the template that was applied last. */
  readonly fresh: readonly V1Pod[];
  /** Of others, on their way out. */
  readonly former: readonly V1Pod[];
}

/** Undefined where there is no such workload. */
export async function rolloutOf(
  place: Place,
  workload: Workload,
  signal: AbortSignal,
): Promise<Answer<Rollout | undefined>> {
  const { cluster } = place;
  const path = await pathOf(cluster, workload, signal);
  if (path.obstacle) return { obstacle: path.obstacle };
  const live = await cluster.get<Controller>(path.value ?? '', signal);
  if (live.obstacle) return { obstacle: live.obstacle };
  if (!live.value) return { value: undefined };
  const controller = { ...live.value, kind: workload.kind };
  const namespace = workload.metadata.namespace ?? place.namespace;
  const labels = controller.spec?.selector.matchLabels ?? {};
  const pods = await cluster.get<{ items: V1Pod[] }>(podsPath(namespace, labels), signal);
  if (pods.obstacle) return { obstacle: pods.obstacle };
  const revision = await revisionOf(place, controller, labels, signal);
  if (revision.obstacle) return { obstacle: revision.obstacle };
  const staying = (pods.value?.items ?? []).filter(pod => pod.metadata?.deletionTimestamp === undefined);
  const isFresh = ({ metadata }: V1Pod) =>
    revision.value !== undefined &&
    [metadata?.labels?.['pod-template-hash'], metadata?.labels?.['controller-revision-hash']].includes(
      revision.value,
    );
  return {
    value: {
      controller,
      // Pods that only share its labels are nothing to wait for.
      unfinished: unfinishedOf(controller, []),
      fresh: staying.filter(isFresh),
      former: staying.filter(pod => !isFresh(pod)),
    },
  };
}

/** By which a controller tells the pods of its newest template. */
async function revisionOf(
  place: Place,
  { kind, metadata, status }: Controller,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer<string | undefined>> {
  if (kind !== 'Deployment') return { value: status?.updateRevision };
  const path = `${below(place, 'apis/apps/v1', 'replicasets')}?${selecting(labels)}`;
  const { value, obstacle } = await place.cluster.get<{ items: V1ReplicaSet[] }>(path, signal);
  if (obstacle) return { obstacle };
  const REVISION = 'deployment.kubernetes.io/revision';
  const newest = value?.items.find(
    set =>
      set.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid) &&
      set.metadata.annotations?.[REVISION] === metadata?.annotations?.[REVISION],
  );
  return { value: newest?.metadata?.labels?.['pod-template-hash'] };
}
