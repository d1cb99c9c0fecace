import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import { at, itemsOf, numberOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import type { Cluster, Workload } from './cluster.ts';
import { isEmpty } from './labels.ts';

/** The workloads behind a Service; one without a selector is served by something else. */
export function behind(cluster: Cluster, service: KubernetesObject): readonly Workload[] {
  const selector = at(service.root, 'spec', 'selector');
  return isEmpty(selector) ? [] : cluster.selected(selector, service.namespace);
}

/** The port of the pod that a port of a Service leads to: a number or a name. */
export const targetOf = (port: YamlNode): string | undefined =>
  textOfNode(at(port, 'targetPort')) ?? textOfNode(at(port, 'port'));

/** Whether a container opens a port that is given by its name or number. */
export const opens = (container: YamlNode, target: string): boolean =>
  itemsOf(at(container, 'ports')).some(
    port => textOfNode(at(port, 'name')) === target || String(numberOf(at(port, 'containerPort'))) === target,
  );

/** The container that a Service leads to: the one that opens its port, or the only one. */
export function servedBy({ containers }: Workload, service: KubernetesObject): readonly YamlNode[] {
  if (containers.length === 1) return containers;
  const targets = itemsOf(at(service.root, 'spec', 'ports')).flatMap(port => targetOf(port) ?? []);
  return containers.filter(container => targets.some(target => opens(container, target)));
}
