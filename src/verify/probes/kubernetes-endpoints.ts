import type { V1EndpointSlice } from '@kubernetes/client-node';
import { blocked } from '../asking.ts';
import { clusterSpec, reach, type Workload, workloadsOf } from '../kubernetes/workloads.ts';
import { fail, type Probe, pass } from '../probe.ts';

export const kubernetesEndpoints: Probe<Workload> = {
  id: 'kubernetes-endpoints',
  title: 'each Service leads to pods that are ready',
  plan: (deployment, flags) =>
    workloadsOf(deployment, flags)
      .filter(({ service }) => service.port !== undefined)
      .map(each => clusterSpec(each, `Service ${each.name} in ${each.namespace} leads to ready pods`)),
  async observe({ data: { namespace, name } }, { signal }) {
    const expected = `a Service ${name} in ${namespace} with ready endpoints`;
    const cluster = await reach();
    if (cluster.obstacle) return blocked(cluster.obstacle, expected);
    const service = await cluster.value.get(`/api/v1/namespaces/${namespace}/services/${name}`, signal);
    if (service.obstacle) return blocked(service.obstacle, expected);
    if (!service.value)
      return fail({
        observed: `there is no Service ${name}`,
        expected,
        next: `kubectl -n ${namespace} get services`,
      });
    const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`);
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`;
    const slices = await cluster.value.get<{ items: V1EndpointSlice[] }>(path, signal);
    if (slices.obstacle) return blocked(slices.obstacle, expected);
    const all = (slices.value?.items ?? []).flatMap(({ endpoints }) => endpoints ?? []);
    const ready = all.filter(({ conditions }) => conditions?.ready !== false);
    if (ready.length > 0) return pass(`${ready.length} of ${all.length} endpoints are ready`);
    return fail({
      observed: all.length > 0 ? `none of its ${all.length} endpoints is ready` : 'its selector meets no pod',
      expected,
      next: `kubectl -n ${namespace} describe service ${name}`,
    });
  },
};
