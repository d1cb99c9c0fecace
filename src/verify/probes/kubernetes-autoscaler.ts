import { lookAtAutoscaler } from '../kubernetes/autoscaler.ts';
import { clusterSpec, type Workload, workloadsOf } from '../kubernetes/workloads.ts';
import type { Probe } from '../probe.ts';

export const kubernetesAutoscaler: Probe<Workload> = {
  id: 'kubernetes-autoscaler',
  title: 'each autoscaler sees its metrics and can scale',
  plan: (deployment, flags) =>
    workloadsOf(deployment, flags)
      .filter(({ service }) => service.capacity.scale.kind === 'auto')
      .map(each => clusterSpec(each, `autoscaler of ${each.name} in ${each.namespace}`)),
  observe: ({ data }, { signal }) => lookAtAutoscaler(data, signal),
};
