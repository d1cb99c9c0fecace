import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import { at, itemsOf, numberOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import type { Cluster, Workload } from './cluster.ts';
import { fits, isEmpty, labelOf, pairsOf } from './labels.ts';

type Direction = 'egress' | 'ingress';

/** What policies let pass for a workload, all of them together. */
export interface Reach {
  readonly workload: Workload;
  readonly policies: readonly KubernetesObject[];
  readonly rules: readonly Allowance[];
}

/** One rule of a policy. https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
interface Allowance {
  readonly policy: KubernetesObject;
  readonly node: YamlNode;
  /** Empty is everybody. */
  readonly peers: readonly YamlNode[];
  /** Empty is every port. */
  readonly ports: readonly YamlNode[];
}

/** Policies of others see more than labels: where there are some, nothing can be said. */
export const hasForeignPolicies = ({ objects }: Cluster): boolean =>
  objects.some(
    each =>
      /^(?:Cilium\w*NetworkPolicy|GlobalNetworkPolicy|AdminNetworkPolicy)$/.test(each.kind) ||
      (each.kind === 'NetworkPolicy' && !each.apiVersion.startsWith('networking.k8s.io/')),
  );

const governs = (policy: KubernetesObject, direction: Direction): boolean => {
  const types = at(policy.root, 'spec', 'policyTypes');
  if (!types) return direction === 'ingress' || at(policy.root, 'spec', 'egress') !== undefined;
  return itemsOf(types).some(each => textOfNode(each)?.toLowerCase() === direction);
};

export const rulesOf = (policy: KubernetesObject, direction: Direction): readonly Allowance[] =>
  itemsOf(at(policy.root, 'spec', direction)).map(node => ({
    policy,
    node,
    peers: itemsOf(at(node, direction === 'egress' ? 'to' : 'from')),
    ports: itemsOf(at(node, 'ports')),
  }));

/** The workloads that policies confine, and what these let pass. */
export function reachesOf(cluster: Cluster, direction: Direction): readonly Reach[] {
  const found = new Map<Workload, KubernetesObject[]>();
  for (const policy of cluster.of('NetworkPolicy').filter(each => governs(each, direction)))
    for (const workload of cluster.selected(at(policy.root, 'spec', 'podSelector'), policy.namespace)) {
      const known = found.get(workload);
      if (known) known.push(policy);
      else found.set(workload, [policy]);
    }
  return [...found].map(([workload, policies]) => ({
    workload,
    policies,
    rules: policies.flatMap(each => rulesOf(each, direction)),
  }));
}

/** Whether a rule lets a port pass; a name is the pod's own for it. */
export const letsPort = (
  { ports }: Allowance,
  wanted: readonly (number | string)[],
  protocol = 'TCP',
): boolean =>
  ports.length === 0 ||
  ports.some(item => {
    if ((textOfNode(at(item, 'protocol')) ?? 'TCP') !== protocol) return false;
    const [port, end] = [at(item, 'port'), numberOf(at(item, 'endPort'))];
    const number = numberOf(port);
    if (!port) return true;
    if (number === undefined) return wanted.includes(textOfNode(port) ?? '');
    return wanted.some(
      each =>
        each === number || (end !== undefined && typeof each === 'number' && each >= number && each <= end),
    );
  });

/** Whether a rule lets it talk with pods of the set. */
export const letsPods = ({ peers, policy }: Allowance, { object, template }: Workload): boolean =>
  peers.length === 0 ||
  peers.some(peer => {
    const [pods, namespaces] = [at(peer, 'podSelector'), at(peer, 'namespaceSelector')];
    if (!pods && !namespaces) return isAnywhere(peer);
    return fits(pods, labelOf(template)) && mayBeIn(namespaces, object.namespace, policy.namespace);
  });

const isAnywhere = (peer: YamlNode): boolean =>
  /^(?:0\.0\.0\.0|::)\/0$/.test(textOfNode(at(peer, 'ipBlock', 'cidr')) ?? '') &&
  itemsOf(at(peer, 'ipBlock', 'except')).length === 0;

/** Labels of namespaces are mostly set elsewhere; the one that Kubernetes sets itself is known. */
function mayBeIn(
  selector: YamlNode | undefined,
  namespace: string | undefined,
  own: string | undefined,
): boolean {
  if (!selector) return namespace === undefined || own === undefined || namespace === own;
  if (isEmpty(selector) || namespace === undefined) return true;
  const name = pairsOf(selector).find(([key]) => key === 'kubernetes.io/metadata.name')?.[1];
  return name === undefined || name === namespace;
}

/** Whether a rule lets it talk with addresses outside of the cluster. */
export const letsOutside = ({ peers }: Allowance): boolean =>
  peers.length === 0 || peers.some(peer => at(peer, 'ipBlock') !== undefined);

/** Whether a rule lets it talk with pods of other namespaces, or of one that is named. */
export const letsNamespace = ({ peers, policy }: Allowance, namespace: string | undefined): boolean =>
  peers.length === 0 ||
  peers.some(peer => {
    const namespaces = at(peer, 'namespaceSelector');
    return isAnywhere(peer) || (namespaces !== undefined && mayBeIn(namespaces, namespace, policy.namespace));
  });
