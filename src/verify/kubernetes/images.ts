import type { V1Deployment, V1Pod } from '@kubernetes/client-node';
import { isBuilt } from '../../model/model.ts';
import { podsPath } from '../../platforms/kubernetes/pods.ts';
import { repositoryOf } from '../../platforms/registry/reference.ts';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';
import { reach, type Workload, workloadPath } from './workloads.ts';

export interface Wanted extends Workload {
  readonly version: string | undefined;
}

export async function lookAtImages(data: Wanted, signal: AbortSignal): Promise<Observation> {
  const { namespace, name, service, version } = data;
  const expected = `pods of ${name} with one image${version === undefined ? '' : ` of version ${version}`}`;
  const next = `kubectl -n ${namespace} rollout status ${data.kind.toLowerCase()}/${name}`;
  const cluster = await reach();
  if (cluster.obstacle) return blocked(cluster.obstacle, expected);
  const controller = await cluster.value.get<V1Deployment>(workloadPath(data), signal);
  if (controller.obstacle) return blocked(controller.obstacle, expected);
  const listed = await cluster.value.get<{ items: V1Pod[] }>(
    podsPath(namespace, controller.value?.spec?.selector.matchLabels ?? {}),
    signal,
  );
  if (listed.obstacle) return blocked(listed.obstacle, expected);
  const [container] = controller.value?.spec?.template.spec?.containers ?? [];
  const wanted = container?.image ?? '';
  const repository = isBuilt(service)
    ? service.source.repository
    : repositoryOf(service.source.kind === 'image' ? service.source.image : '');
  const pods = (listed.value?.items ?? []).filter(pod => pod.metadata?.deletionTimestamp === undefined);
  if (!container || pods.length === 0)
    return fail({ observed: `no pod of ${name} in ${namespace}`, expected, next });
  if (repositoryOf(wanted) !== repository)
    return fail({
      observed: `${name} is made from ${wanted}`,
      expected: `an image ${repository}`,
      next: 'aideploy render, and apply it',
    });
  if (version !== undefined && !wanted.replace(/@.*$/, '').endsWith(`:${version}`))
    return fail({ observed: `${name} is made from ${wanted}`, expected, next: `deploy ${version}` });
  const running = pods.map(pod => pod.status?.containerStatuses?.find(each => each.name === container.name));
  const old = pods.find(
    pod => pod.spec?.containers.find(each => each.name === container.name)?.image !== wanted,
  );
  if (old)
    return fail({
      observed: `${old.metadata?.name} still runs ${old.spec?.containers[0]?.image}`,
      expected: wanted,
      next,
    });
  const digests = [...new Set(running.map(each => each?.imageID ?? ''))];
  if (digests.includes(''))
    return fail({
      observed: `${digests.length > 1 ? 'some pods have' : 'no pod has'} its image yet`,
      expected,
      next,
    });
  if (digests.length > 1)
    return fail({
      observed: `${wanted} is ${digests.join(' here and ')} there`,
      expected,
      next: 'deploy by digest, or by a tag that is never pushed twice',
    });
  return pass(`${pods.length} pods run ${wanted}, ${digests[0]?.replace(/^.*@/, '')}`);
}
