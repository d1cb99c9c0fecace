import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';
import { reach, type Workload } from './workloads.ts';

/** https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale-walkthrough/#appendix-horizontal-pod-autoscaler-status-conditions */
const NEEDED = ['AbleToScale', 'ScalingActive'];

export async function lookAtAutoscaler(
  { namespace, name }: Workload,
  signal: AbortSignal,
): Promise<Observation> {
  const expected = `a HorizontalPodAutoscaler ${name} that can scale`;
  const next = `kubectl -n ${namespace} describe hpa ${name}`;
  const cluster = await reach();
  if (cluster.obstacle) return blocked(cluster.obstacle, expected);
  const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${name}`;
  const { value, obstacle } = await cluster.value.get<V2HorizontalPodAutoscaler>(path, signal);
  if (obstacle) return blocked(obstacle, expected);
  if (!value)
    return fail({
      observed: `there is no HorizontalPodAutoscaler ${name} in ${namespace}`,
      expected,
      next: `kubectl -n ${namespace} get hpa`,
    });
  const conditions = value.status?.conditions ?? [];
  for (const type of NEEDED) {
    const condition = conditions.find(each => each.type === type);
    if (condition?.status !== 'True')
      return fail({
        observed: condition
          ? `${type} is ${condition.status}: ${condition.message ?? condition.reason}`
          : `${type} is not known yet`,
        expected,
        next,
      });
  }
  const { currentReplicas = 0, desiredReplicas = 0 } = value.status ?? {};
  const { minReplicas = 1, maxReplicas } = value.spec ?? {};
  const limited = conditions.some(
    ({ type, status, reason }) =>
      type === 'ScalingLimited' && status === 'True' && reason === 'TooManyReplicas',
  );
  if (limited)
    return fail({
      observed: `it wants more than ${maxReplicas} replicas: ${currentReplicas} run`,
      expected,
      next: 'raise scale.max, or look for what takes the CPU',
    });
  return pass(
    `${currentReplicas} replicas run, ${desiredReplicas} are wanted, ${minReplicas} to ${maxReplicas} allowed`,
  );
}
