import { lookAtDisruption } from '../kubernetes/disruption.ts';
import { clusterSpec, type Workload, workloadsOf } from '../kubernetes/workloads.ts';
import type { Probe } from '../probe.ts';

export const kubernetesDisruption: Probe<Workload> = {
  id: 'kubernetes-disruption',
  title: 'a node can be drained without an outage',
  plan: (deployment, flags) =>
    workloadsOf(deployment, flags)
      .filter(({ service }) => isSeveral(service.capacity.scale))
      .map(each => clusterSpec(each, `disruption budget of ${each.name} in ${each.namespace}`)),
  observe: ({ data }, { signal }) => lookAtDisruption(data, signal),
};

type Scale = Workload['service']['capacity']['scale'];

/** Where there is one copy a budget would say nothing, or block the drain of its node. */
const isSeveral = (scale: Scale): boolean => (scale.kind === 'auto' ? scale.min : scale.replicas) > 1;
