import type { Answer } from '../../../platforms/answer.ts';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import { below, type Place } from './place.ts';

interface Former {
  readonly metadata: {
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
}

/**
 * ConfigMaps of pods of these workloads that `kubectl rollout undo` could bring back: without them such pods never start.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment
 */
export async function configMapsOfHistory(
  place: Place,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<Answer<ReadonlySet<string>>> {
  const names = new Set<string>();
  for (const kept of ['replicasets', 'controllerrevisions']) {
    const path = below(place, 'apis/apps/v1', kept);
    const { value, obstacle } = await place.cluster.get<{ items: readonly Former[] }>(path, signal);
    if (obstacle) return { obstacle };
    for (const former of value?.items ?? []) if (isOf(former, objects)) collect(former, names);
  }
  return { value: names };
}

const isOf = ({ metadata: { ownerReferences = [] } }: Former, objects: readonly KubeObject[]): boolean =>
  ownerReferences.some(owner =>
    objects.some(({ kind, metadata }) => kind === owner.kind && metadata.name === owner.name),
  );

const REFERENCES = ['configMap', 'configMapRef', 'configMapKeyRef'];

/** Names of ConfigMaps, wherever a pod's template has them: volumes, projections, environments. */
function collect(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    const name = REFERENCES.includes(key) ? (child as { name?: unknown } | null)?.name : undefined;
    if (typeof name === 'string') names.add(name);
    collect(child, names);
  }
}
