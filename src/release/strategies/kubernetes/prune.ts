import type { Answer, Obstacle } from '../../../platforms/answer.ts';
import { type Kind, type KubeObject, listOf } from '../../../platforms/kubernetes/discovery.ts';
import { PROJECT, RECORD } from '../../../platforms/kubernetes/marks.ts';
import { isOfPlatform, messageOf, refusal } from '../../../platforms/kubernetes/refusal.ts';
import { selecting } from '../../../platforms/kubernetes/standing.ts';
import type { Control, StepEnd } from '../../strategy.ts';
import { identityOf, titleOf } from './objects.ts';
import type { Place } from './place.ts';

/** Kinds that are looked through whatever the release before had: a run that was killed may have brought them. */
const KINDS: readonly Kind[] = [
  ['v1', 'ConfigMap'],
  ['v1', 'Service'],
  ['v1', 'ServiceAccount'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'CronJob'],
  ['batch/v1', 'Job'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['policy/v1', 'PodDisruptionBudget'],
].map(([apiVersion = '', kind = '']) => ({ apiVersion, kind }));

/** What holds data, or others' objects, is for a person to delete. */
const KEPT = ['CustomResourceDefinition', 'Namespace', 'PersistentVolume', 'PersistentVolumeClaim', 'Secret'];

const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

interface Listed {
  readonly metadata: KubeObject['metadata'] & {
    readonly uid: string;
    readonly ownerReferences?: readonly object[];
  };
}

/** Takes away what the release does not have and we once applied, which its label tells. */
export async function prune(
  place: Place,
  objects: readonly KubeObject[],
  former: readonly KubeObject[],
  { signal }: Control,
): Promise<StepEnd> {
  const wanted = new Set(objects.map(identityOf));
  const gone: string[] = [];
  const kinds = kindsOf([...KINDS, ...objects, ...former]);
  for (const { value, obstacle } of await Promise.all(kinds.map(kind => listed(place, kind, signal)))) {
    if (obstacle) return { status: 'obstructed', obstacle };
    for (const { object, path, uid } of value) {
      if (wanted.has(identityOf(object))) continue;
      const bad = await remove(place, path, uid, signal);
      if (bad) return { status: 'obstructed', obstacle: bad };
      gone.push(titleOf(object));
    }
  }
  return { status: 'done', note: gone.length > 0 ? `deleted ${gone.join(', ')}` : 'nothing to delete' };
}

const kindsOf = (all: readonly Kind[]): Kind[] => {
  const byName = new Map(all.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]));
  return [...byName.values()].filter(({ kind }) => !KEPT.includes(kind));
};

async function listed(
  place: Place,
  kind: Kind,
  signal: AbortSignal,
): Promise<Answer<{ object: KubeObject; path: string; uid: string }[]>> {
  const list = await listOf(place.cluster, kind, place.namespace, signal);
  if (list.obstacle) return { obstacle: list.obstacle };
  if (list.value === undefined) return { value: [] };
  const path = `${list.value}?${selecting({ [PROJECT]: place.project })}`;
  const { value, obstacle } = await place.cluster.send({ method: 'GET', path, accept: METADATA }, signal);
  if (obstacle) return { obstacle };
  // Who may not see a kind never applied one.
  if (value.status === 403 || value.status === 404) return { value: [] };
  if (value.status !== 200) return { obstacle: refusal(list.value, value) };
  const { items } = JSON.parse(value.body) as { items: Listed[] | null };
  return {
    value: (items ?? [])
      // Records are labelled too; and what a controller made goes with what it made it for.
      .filter(({ metadata }) => !metadata.labels?.[RECORD] && !metadata.ownerReferences?.length)
      .map(({ metadata }) => ({
        object: { ...kind, metadata },
        path: `${list.value}/${metadata.name}`,
        uid: metadata.uid,
      })),
  };
}

async function remove(
  place: Place,
  path: string,
  uid: string,
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  const body = { propagationPolicy: 'Background', preconditions: { uid } };
  const { value, obstacle } = await place.cluster.send({ method: 'DELETE', path, body }, signal);
  if (obstacle) return obstacle;
  // Gone already, or another one of the same name by now.
  if (value.status < 300 || value.status === 404 || value.status === 409) return undefined;
  if (isOfPlatform(value)) return refusal(path, value);
  return { why: `the cluster does not delete ${path}: ${messageOf(value.body)}`, next: 'delete it by hand' };
}
