import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import type { StoredFile } from '../../release.ts';

/** The objects of a release, in the order in which they are applied: a List, as kubectl takes it. */
export const OBJECTS = 'objects.json';

export interface Workload extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: { readonly spec?: V1PodSpec };
  };
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];

export const isWorkload = (object: KubeObject): object is Workload =>
  WORKLOADS.includes(object.kind) && object.apiVersion === 'apps/v1';

/** What pods need comes before them, and what sends them requests after them. */
const FIRST = ['Namespace', 'ServiceAccount', 'Role', 'RoleBinding', 'ConfigMap', 'PersistentVolumeClaim'];
const MIDDLE = ['NetworkPolicy', 'Service'];

const rank = ({ kind }: KubeObject): number => {
  if (FIRST.includes(kind)) return FIRST.indexOf(kind);
  if (MIDDLE.includes(kind)) return FIRST.length + MIDDLE.indexOf(kind);
  return FIRST.length + MIDDLE.length + (WORKLOADS.includes(kind) ? 0 : 1);
};

export const inOrder = <T extends KubeObject>(objects: readonly T[]): T[] =>
  [...objects].sort((a, b) => rank(a) - rank(b));

/** What may be applied at once, one group after the other. */
export function groups(objects: readonly KubeObject[]): KubeObject[][] {
  const ranks = [...new Set(objects.map(rank))].sort((a, b) => a - b);
  return ranks.map(each => objects.filter(object => rank(object) === each));
}

export const fileOf = (objects: readonly KubeObject[]): StoredFile => ({
  path: OBJECTS,
  content: `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, null, 1)}\n`,
  mode: 0o644,
});

/** Undefined where the record had no room for them. */
export function objectsIn(files: readonly StoredFile[]): KubeObject[] | undefined {
  const file = files.find(({ path }) => path === OBJECTS);
  return file && (JSON.parse(file.content) as { items: KubeObject[] }).items;
}

/** `Deployment chat` */
export const titleOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.name}`;

/** By which two are the same object, whatever is in them. */
export const identityOf = ({ apiVersion, kind, metadata }: KubeObject): string =>
  `${apiVersion.replace(/\/?[^/]*$/, '')}/${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

/** The pod that an object starts, at once or by and by; undefined for what starts none. */
export function podIn(object: KubeObject): V1PodSpec | undefined {
  const { spec } = object as {
    spec?: { template?: Template; jobTemplate?: { spec?: { template?: Template } } };
  };
  return (spec?.jobTemplate?.spec?.template ?? spec?.template)?.spec;
}

interface Template {
  readonly spec?: V1PodSpec;
}

export const containersIn = (pod: V1PodSpec | undefined): V1Container[] => [
  ...(pod?.initContainers ?? []),
  ...(pod?.containers ?? []),
];

/** How many copies there are is the autoscaler's to say, where there is one. */
export function withoutScaled(objects: readonly KubeObject[]): KubeObject[] {
  const scaled = objects
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .map(
      each =>
        (each as unknown as { spec: { scaleTargetRef: { kind: string; name: string } } }).spec.scaleTargetRef,
    );
  return objects.map(object => {
    if (
      !isWorkload(object) ||
      !scaled.some(({ kind, name }) => kind === object.kind && name === object.metadata.name)
    )
      return object;
    const { replicas, ...spec } = object.spec ?? {};
    return { ...object, spec };
  });
}
