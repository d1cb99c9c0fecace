import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import { at, type YamlNode } from '../../artifacts/yaml.ts';
import type { Cluster } from './cluster.ts';
import { fits, labelOf, pairsOf } from './labels.ts';
import { namespacesOf } from './monitors.ts';

/** Pods that an operator makes are labelled by it, and what watches other namespaces is not for the set alone. */
export function isOfOthers(cluster: Cluster, object: KubernetesObject, selector: YamlNode): boolean {
  const pairs = pairsOf(selector);
  if (pairs.some(([key]) => key.includes('/') && !/^(?:app\.kubernetes\.io|helm\.sh)\//.test(key)))
    return true;
  if (/Monitor$/.test(object.kind)) {
    const namespaces = namespacesOf(object);
    const known = cluster.objects.filter(each => each.kind === 'Service' || each.kind === 'Deployment');
    if (!namespaces || !known.some(each => namespaces.some(name => name === each.namespace))) return true;
  }
  const values = new Set(pairs.map(([, value]) => value));
  return cluster.objects
    .filter(makesPods)
    .some(each => values.has(each.name ?? '') || fits(selector, labelOf(at(each.root, 'spec', 'template'))));
}

/** Custom resources that become pods: rollouts, databases, clusters. */
const makesPods = ({ apiVersion, root }: KubernetesObject): boolean =>
  apiVersion.includes('.') &&
  ['instances', 'nodes', 'nodeSets', 'podTemplate', 'replicas', 'size', 'template', 'workloadRef'].some(key =>
    at(root, 'spec', key),
  );
