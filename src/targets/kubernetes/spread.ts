import { isStateful } from '../../model/cluster.ts';
import type { Service } from '../../model/model.ts';
import { selector } from './names.ts';
import { mostReplicas } from './replicas.ts';

/** Copies go to different nodes and zones while there are any; one that fails takes one copy with it. */
export function spread(service: Service): object {
  if (service.kind === 'job' || mostReplicas(service) < 2) return {};
  const labelSelector = { matchLabels: selector(service.unit) };
  const over = (topologyKey: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector,
    // Pods that a rollout is about to end do not count.
    matchLabelKeys: isStateful(service) ? undefined : ['pod-template-hash'],
  });
  return {
    // Beside the constraints below, since it also holds between an old pod and its successor.
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector } },
        ],
      },
    },
    topologySpreadConstraints: [over('kubernetes.io/hostname'), over('topology.kubernetes.io/zone')],
  };
}
