import type { Answer } from '../answer.ts';
import type { Cluster } from './cluster.ts';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

/** Where the API server keeps an object; undefined where it knows no such kind. */
export async function pathOf(
  cluster: Cluster,
  { apiVersion, kind, metadata }: KubeObject,
  signal: AbortSignal,
): Promise<Answer<string | undefined>> {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { value, obstacle } = await cluster.get<ResourceList>(group, signal);
  if (obstacle) return { obstacle };
  const resource = value?.resources.find(each => each.kind === kind && !each.name.includes('/'));
  if (!resource) return { value: undefined };
  const place = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
  return { value: `${group}${place}/${resource.name}/${metadata.name}` };
}
