import type { Answer } from '../answer.ts';
import type { Cluster } from './cluster.ts';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
  }[];
}

/** What a connection was told already: kinds are asked for once a group. */
const known = new WeakMap<Cluster, Map<string, ResourceList>>();

/** Where the API server keeps objects of a kind; undefined where it knows no such kind. */
async function resourceOf(
  cluster: Cluster,
  { apiVersion, kind }: Kind,
  signal: AbortSignal,
): Promise<Answer<{ path: string; name: string; namespaced: boolean } | undefined>> {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const lists = known.get(cluster) ?? new Map<string, ResourceList>();
  known.set(cluster, lists);
  const among = (list: ResourceList | undefined) =>
    list?.resources.find(each => each.kind === kind && !each.name.includes('/'));
  const found = among(lists.get(path));
  if (found) return { value: { path, ...found } };
  const { value, obstacle } = await cluster.get<ResourceList>(path, signal);
  if (obstacle) return { obstacle };
  if (value) lists.set(path, value);
  const resource = among(value);
  return { value: resource && { path, ...resource } };
}

/** Where the API server keeps an object; undefined where it knows no such kind. */
export async function pathOf(
  cluster: Cluster,
  object: KubeObject,
  signal: AbortSignal,
): Promise<Answer<string | undefined>> {
  const { value, obstacle } = await resourceOf(cluster, object, signal);
  if (obstacle) return { obstacle };
  if (!value) return { value: undefined };
  const { name, namespace = 'default' } = object.metadata;
  const place = value.namespaced ? `/namespaces/${namespace}` : '';
  return { value: `${value.path}${place}/${value.name}/${name}` };
}

/** Where it lists those of a namespace; undefined for a kind that it does not know, or that has no namespaces. */
export async function listOf(
  cluster: Cluster,
  kind: Kind,
  namespace: string,
  signal: AbortSignal,
): Promise<Answer<string | undefined>> {
  const { value, obstacle } = await resourceOf(cluster, kind, signal);
  if (obstacle) return { obstacle };
  return { value: value?.namespaced ? `${value.path}/namespaces/${namespace}/${value.name}` : undefined };
}
