import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import { at, numberOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import { type Cluster, scaledBy, scalersOf } from './cluster.ts';

/** Workloads that something scales, and between which numbers. */
export type Scaled = ReadonlyMap<KubernetesObject, { readonly least: number; readonly most: number }>;

export const scaledIn = (cluster: Cluster): Scaled =>
  new Map(
    scalersOf(cluster).flatMap(each => {
      const object = scaledBy(cluster, each.scaler, each.target);
      return object ? [[object, each] as const] : [];
    }),
  );

/** How many there are at least, and at most; undefined where that is only known elsewhere. */
export function replicasOf(
  object: KubernetesObject,
  scaled: Scaled,
): { least: number; most: number } | undefined {
  const range = scaled.get(object);
  if (range) return range;
  const written = at(object.root, 'spec', 'replicas');
  const count = written ? numberOf(written) : 1;
  return count === undefined ? undefined : { least: count, most: count };
}

/** https://kubernetes.io/docs/tasks/run-application/configure-pdb/#think-about-how-your-application-reacts-to-disruptions: shares are rounded up. */
export const amount = (node: YamlNode | undefined, of: number): number | undefined => {
  const share = /^(\d+)%$/.exec(textOfNode(node) ?? '')?.[1];
  return share ? Math.ceil((Number(share) / 100) * of) : numberOf(node);
};
