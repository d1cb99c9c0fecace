import { lookAtRollout } from '../kubernetes/rollout.ts';
import { clusterSpec, type Workload, workloadsOf } from '../kubernetes/workloads.ts';
import type { Probe } from '../probe.ts';

export const kubernetesRollout: Probe<Workload> = {
  id: 'kubernetes-rollout',
  title: 'the last rollout is complete: every pod is new, ready, and stays up',
  plan: (deployment, flags) =>
    workloadsOf(deployment, flags).map(each =>
      clusterSpec(each, `rollout of ${each.name} in ${each.namespace}`),
    ),
  observe: ({ data }, { signal }) => lookAtRollout(data, signal),
};
