import type { Answer } from '../../../platforms/answer.ts';
import { below, type Place } from './place.ts';

/**
 * ConfigMaps of pods that `kubectl rollout undo` could bring back: without them such pods never start.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment
 */
export async function configMapsOfHistory(
  place: Place,
  signal: AbortSignal,
): Promise<Answer<ReadonlySet<string>>> {
  const names = new Set<string>();
  for (const kept of ['replicasets', 'controllerrevisions']) {
    const path = below(place, 'apis/apps/v1', kept);
    const { value, obstacle } = await place.cluster.get<object>(path, signal);
    if (obstacle) return { obstacle };
    collect(value, names);
  }
  return { value: names };
}

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
