import type { V1Deployment, V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { lastWords } from './last-words.ts';
import { lastWarning, type PodTrouble } from './pods.ts';

export type Controller = V1Deployment & V1StatefulSet;

/** What is still to come of a rollout, by the numbers that its controller keeps. */
export function unfinishedOf(controller: Controller, pods: readonly V1Pod[]): string | undefined {
  const { kind, metadata, spec, status } = controller;
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = status ?? {};
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0))
    return 'its controller has not seen the last change yet';
  const stuck = stuckOf(controller);
  const why = stuck === undefined ? '' : ` (${stuck.message})`;
  if (wanted === 0) return 'it is scaled to 0';
  if (updatedReplicas < wanted) return `${updatedReplicas} of ${wanted} pods are new${why}`;
  if (replicas > updatedReplicas) return `${count(replicas - updatedReplicas, 'old')} left`;
  if (readyReplicas < wanted) return `${readyReplicas} of ${wanted} pods are ready${why}`;
  if (kind === 'StatefulSet' && status?.currentRevision !== status?.updateRevision)
    return 'its update is not over';
  const staying = pods.filter(pod => pod.metadata?.deletionTimestamp === undefined).length;
  return staying > wanted
    ? `${count(staying - wanted, 'more')} there than wanted, with its labels`
    : undefined;
}

/** Out of time, or refused by a quota or the namespace's rules. */
export const stuckOf = ({ status }: Controller): { reason: string; message: string } | undefined => {
  const found = status?.conditions?.find(
    ({ type, status: is }) =>
      (type === 'Progressing' && is === 'False') || (type === 'ReplicaFailure' && is === 'True'),
  );
  return found && { reason: found.reason ?? '', message: found.message ?? '' };
};

const ENDED = /\bended with \d/;

/** A pod's trouble in one line, with what the cluster and the program said last. */
export async function told(
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
    // Of a program that ended its own last words tell more than probes that it does not answer.
    ...(event && !(ENDED.test(trouble.message) && log.length > 0) ? [`event ${event}`] : []),
    ...(log.length > 0 ? [`it said last: ${log.join(' / ')}`] : []),
  ].join('; ');
}

const count = (number: number, which: string): string =>
  `${number} ${which} ${number === 1 ? 'pod is' : 'pods are'}`;
