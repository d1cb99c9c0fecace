import type { Answer } from '../../../platforms/answer.ts';
import { applyObject } from '../../../platforms/kubernetes/apply.ts';
import type { Cluster } from '../../../platforms/kubernetes/cluster.ts';
import { type KubeObject, pathOf } from '../../../platforms/kubernetes/discovery.ts';
import { SCALER } from '../../../platforms/kubernetes/marks.ts';
import { isWorkload } from './objects.ts';

/**
 * A number of copies that we set and do not set any more would fall to one, the default, before the autoscaler sees it.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership-between-managers
 */
export async function handOver(
  cluster: Cluster,
  object: KubeObject,
  former: KubeObject | undefined,
  signal: AbortSignal,
): Promise<Answer<void>> {
  if (!isWorkload(object) || object.spec?.replicas !== undefined || object.kind === 'DaemonSet')
    return { value: undefined };
  const hadNone = former !== object && former && isWorkload(former) && former.spec?.replicas === undefined;
  if (!former || hadNone) return { value: undefined };
  const path = await pathOf(cluster, object, signal);
  if (path.obstacle) return { obstacle: path.obstacle };
  const live = await cluster.get<{ spec?: { replicas?: number } }>(path.value ?? '', signal);
  if (live.obstacle) return { obstacle: live.obstacle };
  const replicas = live.value?.spec?.replicas;
  if (replicas === undefined) return { value: undefined };
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const held = {
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    spec: { replicas },
  };
  const { obstacle } = await applyObject(
    cluster,
    held,
    { manager: SCALER, dryRun: false, force: true },
    signal,
  );
  return obstacle ? { obstacle } : { value: undefined };
}
