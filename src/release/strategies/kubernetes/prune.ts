import { CLEARED, NEVER_CLEARED } from '../../../model/cluster.ts';
import type { Answer, Obstacle } from '../../../platforms/answer.ts';
import { type Kind, type KubeObject, listOf } from '../../../platforms/kubernetes/discovery.ts';
import { PROJECT, RECORD } from '../../../platforms/kubernetes/marks.ts';
import { isOfPlatform, messageOf, refusal } from '../../../platforms/kubernetes/refusal.ts';
import { selecting } from '../../../platforms/kubernetes/standing.ts';
import type { Control, StepEnd } from '../../strategy.ts';
import { configMapsOfHistory } from './history.ts';
import { identityOf, titleOf } from './objects.ts';
import type { Place } from './place.ts';

const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

interface Listed {
  readonly metadata: KubeObject['metadata'] & {
    readonly uid: string;
    readonly ownerReferences?: readonly object[];
  };
}

interface Found {
  readonly object: KubeObject;
  readonly path: string;
  readonly uid: string;
}

/** Takes away what the release does not have, nor pods that may return, and we once applied, which its label tells. */
export async function prune(
  place: Place,
  objects: readonly KubeObject[],
  former: readonly KubeObject[],
  { signal }: Control,
): Promise<StepEnd> {
  const wanted = new Set(objects.map(identityOf));
  const applied = kindsOf([...objects, ...former]);
  const others = kindsOf(CLEARED).filter(each => !applied.some(({ kind }) => kind === each.kind));
  const lists = await Promise.all([
    ...applied.map(kind => listed(place, kind, signal)),
    // Who may not see a kind never applied one.
    ...others.map(kind => listed(place, kind, signal, [403])),
  ]);
  const unlisted = lists.find(({ obstacle }) => obstacle)?.obstacle;
  if (unlisted) return { status: 'obstructed', obstacle: unlisted };
  const unwanted = lists
    .flatMap(({ value = [] }) => value)
    .filter(({ object }) => !wanted.has(identityOf(object)));
  const history = unwanted.some(isConfigMap)
    ? await configMapsOfHistory(place, objects, signal)
    : { value: new Set<string>() };
  if (history.obstacle) return { status: 'obstructed', obstacle: history.obstacle };
  const gone: string[] = [];
  for (const found of unwanted) {
    if (isConfigMap(found) && history.value.has(found.object.metadata.name)) continue;
    const bad = await remove(place, found.path, found.uid, signal);
    if (bad) return { status: 'obstructed', obstacle: bad };
    gone.push(titleOf(found.object));
  }
  return { status: 'done', note: gone.length > 0 ? `deleted ${gone.join(', ')}` : 'nothing to delete' };
}

const isConfigMap = ({ object }: Found): boolean => object.kind === 'ConfigMap';

const kindsOf = (all: readonly Kind[]): Kind[] => {
  const byName = new Map(all.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]));
  return [...byName.values()].filter(({ kind }) => !NEVER_CLEARED.includes(kind));
};

async function listed(
  place: Place,
  kind: Kind,
  signal: AbortSignal,
  fine: readonly number[] = [],
): Promise<Answer<Found[]>> {
  const list = await listOf(place.cluster, kind, place.namespace, signal);
  if (list.obstacle) return { obstacle: list.obstacle };
  if (list.value === undefined) return { value: [] };
  const path = `${list.value}?${selecting({ [PROJECT]: place.project })}`;
  const { value, obstacle } = await place.cluster.send({ method: 'GET', path, accept: METADATA }, signal);
  if (obstacle) return { obstacle };
  if (value.status === 404 || fine.includes(value.status)) return { value: [] };
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
