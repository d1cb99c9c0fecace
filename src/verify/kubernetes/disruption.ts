import type { V1PodDisruptionBudget } from '@kubernetes/client-node';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';
import { reach, type Workload } from './workloads.ts';

export async function lookAtDisruption(
  { namespace, name }: Workload,
  signal: AbortSignal,
): Promise<Observation> {
  const expected = `a PodDisruptionBudget ${name} that lets one pod go`;
  const next = `kubectl -n ${namespace} describe pdb ${name}`;
  const cluster = await reach();
  if (cluster.obstacle) return blocked(cluster.obstacle, expected);
  const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/${name}`;
  const { value, obstacle } = await cluster.value.get<V1PodDisruptionBudget>(path, signal);
  if (obstacle) return blocked(obstacle, expected);
  if (!value)
    return fail({
      observed: `there is no PodDisruptionBudget ${name} in ${namespace}`,
      expected,
      next: `kubectl -n ${namespace} get pdb`,
    });
  const {
    currentHealthy = 0,
    desiredHealthy = 0,
    expectedPods = 0,
    disruptionsAllowed = 0,
  } = value.status ?? {};
  if (expectedPods === 0) return fail({ observed: 'its selector meets no pod', expected, next });
  if (disruptionsAllowed < 1)
    return fail({
      observed: `no pod may go: ${currentHealthy} of ${expectedPods} are healthy and ${desiredHealthy} have to be`,
      expected,
      next,
    });
  return pass(`${disruptionsAllowed} of ${expectedPods} pods may go at once`);
}
