import { at, itemsOf, placeOf, textOfNode } from '../../artifacts/yaml.ts';
import type { Finding } from '../rule.ts';
import { titled, type Workload } from './cluster.ts';
import { amount } from './replicas.ts';

/** A rollout that leaves no pod while it goes on. */
export function rollout(workload: Workload, replicas: number): Finding[] {
  const strategy = at(workload.object.root, 'spec', 'strategy');
  const most = at(strategy, 'rollingUpdate', 'maxUnavailable');
  const recreate = textOfNode(at(strategy, 'type')) === 'Recreate' && !keepsData(workload);
  const all =
    most && replicas > 1 && (amount(most, replicas) ?? 0) >= replicas && textOfNode(most) !== undefined;
  if (!strategy || (!recreate && !all)) return [];
  const said = recreate ? 'strategy Recreate' : `maxUnavailable ${textOfNode(most)} of ${replicas} replicas`;
  return [
    {
      at: placeOf(most ?? strategy),
      severity: 'warning',
      message: `a rollout of ${titled(workload.object)} stops all of its pods before it starts new ones: ${said}`,
    },
  ];
}

/** A second pod could not have its volume, or its GPU, at the same time. */
export const keepsData = ({ spec, containers, object }: Workload): boolean =>
  object.kind === 'StatefulSet' ||
  itemsOf(at(spec, 'volumes')).some(
    volume => at(volume, 'persistentVolumeClaim') ?? at(volume, 'hostPath'),
  ) ||
  containers.some(each => at(each, 'resources', 'limits', 'nvidia.com/gpu') !== undefined);
