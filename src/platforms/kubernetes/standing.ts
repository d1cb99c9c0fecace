import { gunzipSync } from 'node:zlib';
import type { Answer } from '../answer.ts';
import type { Cluster } from './cluster.ts';
import type { Managed } from './difference.ts';
import type { KubeObject } from './discovery.ts';
import { MANAGER, marked, PROJECT, RECORD, RELEASE } from './marks.ts';

type Live = KubeObject & Managed;

/** What a deploy keeps of a release in the namespace. */
export interface RecordMap {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly immutable?: boolean;
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** In its data: what is said of the release; in its binary data: what was applied, a List that kubectl takes. */
export const SAID = 'release';
export const KEPT = 'objects';

const WORKLOADS = ['deployments', 'statefulsets', 'daemonsets'];

export const selecting = (labels: Readonly<Record<string, string>>): string =>
  `labelSelector=${encodeURIComponent(
    Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
  )}`;

/** Whoever applied them. */
export async function workloadsIn(
  cluster: Cluster,
  namespace: string,
  project: string,
  signal: AbortSignal,
): Promise<Answer<Live[]>> {
  const live: Live[] = [];
  for (const kind of WORKLOADS) {
    const path = `/apis/apps/v1/namespaces/${namespace}/${kind}?${selecting({ 'app.kubernetes.io/part-of': project })}`;
    const { value, obstacle } = await cluster.get<{ items: Live[] }>(path, signal);
    if (obstacle) return { obstacle };
    live.push(...(value?.items ?? []));
  }
  return { value: live };
}

/** By the server's clock: it notes when we changed an object last. */
export function lastApplied(live: readonly Live[]): string | undefined {
  const applied = live.flatMap(object => {
    const release = object.metadata.annotations?.[RELEASE];
    const ours = object.metadata.managedFields?.filter(({ manager }) => manager === MANAGER) ?? [];
    const time = Math.max(0, ...ours.map(each => Date.parse(each.time ?? '') || 0));
    return release === undefined ? [] : [{ release, time }];
  });
  return applied.sort((a, b) => b.time - a.time)[0]?.release;
}

/** Where another tool applies, a release is only noted on the workloads, which is an update of theirs. */
const isOurs = ({ metadata }: Live): boolean =>
  (metadata.managedFields ?? []).some(({ manager, operation, fieldsV1 }) => {
    const fields = fieldsV1 as Record<string, Record<string, object>> | undefined;
    return (
      manager === MANAGER &&
      operation === 'Apply' &&
      fields?.['f:metadata']?.['f:annotations'] !== undefined &&
      `f:${RELEASE}` in fields['f:metadata']['f:annotations']
    );
  });

export async function recordsIn(
  cluster: Cluster,
  namespace: string,
  project: string,
  signal: AbortSignal,
): Promise<Answer<RecordMap[]>> {
  const path = `/api/v1/namespaces/${namespace}/configmaps?${selecting({ [PROJECT]: project, [RECORD]: 'release' })}`;
  const { value, obstacle } = await cluster.get<{ items: RecordMap[] }>(path, signal);
  return obstacle ? { obstacle } : { value: value?.items ?? [] };
}

export function keptIn({ binaryData }: RecordMap, key: string): string | undefined {
  const packed = binaryData?.[key];
  return packed === undefined ? undefined : gunzipSync(Buffer.from(packed, 'base64')).toString();
}

/** What a deploy of ours applied last, as it was applied; undefined where none did, or its record is gone. */
export async function deployedObjects(
  cluster: Cluster,
  namespace: string,
  project: string,
  signal: AbortSignal,
): Promise<Answer<{ release: string; objects: KubeObject[] } | undefined>> {
  const live = await workloadsIn(cluster, namespace, project, signal);
  if (live.obstacle) return { obstacle: live.obstacle };
  const release = lastApplied(live.value.filter(isOurs));
  if (release === undefined) return { value: undefined };
  const records = await recordsIn(cluster, namespace, project, signal);
  if (records.obstacle) return { obstacle: records.obstacle };
  const record = records.value.find(
    ({ data }) => (JSON.parse(data?.[SAID] ?? '{}') as { id?: string }).id === release,
  );
  const kept = record && keptIn(record, KEPT);
  if (kept === undefined) return { value: undefined };
  const { items } = JSON.parse(kept) as { items: KubeObject[] };
  return { value: { release, objects: items.map(object => marked(object, release)) } };
}
