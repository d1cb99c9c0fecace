import { at, type YamlMap, type YamlNode } from '../yaml.ts';

/** One object of a manifest; after kustomize its nodes may come from several files. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly root: YamlMap;
}

const POD_TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  Job: ['spec', 'template'],
  Pod: [],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
};

export const podTemplatePath = (kind: string): readonly string[] | undefined =>
  Object.hasOwn(POD_TEMPLATES, kind) ? POD_TEMPLATES[kind] : undefined;

/** The pod that a workload makes: its metadata and spec; undefined for other objects. */
export function podTemplate(object: KubernetesObject): YamlNode | undefined {
  const path = podTemplatePath(object.kind);
  return path && at(object.root, ...path);
}

/** Kinds that stand in no namespace. */
export const CLUSTER_KINDS: ReadonlySet<string> = new Set(
  'Namespace ClusterRole ClusterRoleBinding CustomResourceDefinition PersistentVolume StorageClass IngressClass PriorityClass GatewayClass ClusterIssuer ValidatingWebhookConfiguration MutatingWebhookConfiguration APIService RuntimeClass Node'.split(
    ' ',
  ),
);
