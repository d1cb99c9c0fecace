import type { YamlMap } from '../yaml.ts';

/** One object of a manifest; after kustomize its nodes may come from several files. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly root: YamlMap;
}
