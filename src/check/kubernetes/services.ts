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

/** The port of a Service by its name or number. */
export const portNamed = (service: KubernetesObject, wanted: string | undefined): YamlNode | undefined =>
  itemsOf(at(service.root, 'spec', 'ports')).find(
    port =>
      wanted !== undefined &&
      (textOfNode(at(port, 'name')) === wanted || String(numberOf(at(port, 'port'))) === wanted),
  );

/** The number of the pod's port: of a port of a Service, or of the port's own name; undefined where it cannot be told. */
export function numberAt(
  { containers }: Workload,
  service: KubernetesObject | undefined,
  port: YamlNode | undefined,
): number | undefined {
  const target = port && (service ? targetOf(port) : textOfNode(port));
  if (target === undefined) return undefined;
  if (/^\d+$/.test(target)) return Number(target);
  return containers
    .flatMap(each => itemsOf(at(each, 'ports')))
    .filter(each => textOfNode(at(each, 'name')) === target)
    .map(each => numberOf(at(each, 'containerPort')))
    .find(each => each !== undefined);
}

/** Where routes of the outside lead: Services by name, with the port that they ask for. */
interface Backend {
  readonly route: KubernetesObject;
  readonly service: string;
  readonly port: YamlNode | undefined;
  readonly node: YamlNode;
}

/** https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource and HTTPRoute's backendRefs */
export function backendsIn(cluster: Cluster): readonly Backend[] {
  const ingresses = cluster.of('Ingress').flatMap(route => {
    const spec = at(route.root, 'spec');
    const nodes = [
      at(spec, 'defaultBackend'),
      ...itemsOf(at(spec, 'rules')).flatMap(rule =>
        itemsOf(at(rule, 'http', 'paths')).map(path => at(path, 'backend')),
      ),
    ];
    return nodes.flatMap(node => {
      const service = textOfNode(at(node, 'service', 'name'));
      const port = at(node, 'service', 'port', 'number') ?? at(node, 'service', 'port', 'name');
      return node && service ? [{ route, service, port, node }] : [];
    });
  });
  const routes = ['HTTPRoute', 'GRPCRoute']
    .flatMap(kind => cluster.of(kind))
    .flatMap(route =>
      itemsOf(at(route.root, 'spec', 'rules'))
        .flatMap(rule => itemsOf(at(rule, 'backendRefs')))
        .flatMap(node => {
          const service =
            (textOfNode(at(node, 'kind')) ?? 'Service') === 'Service'
              ? textOfNode(at(node, 'name'))
              : undefined;
          // A Service of another namespace is none of the route's own.
          return service && !at(node, 'namespace') ? [{ route, service, port: at(node, 'port'), node }] : [];
        }),
    );
  return [...ingresses, ...routes];
}

/** A port of a pod by its number and by the names that its containers have for it. */
export const namesAt = ({ containers }: Workload, number: number): readonly (number | string)[] => [
  number,
  ...containers
    .flatMap(each => itemsOf(at(each, 'ports')))
    .filter(each => numberOf(at(each, 'containerPort')) === number)
    .flatMap(each => textOfNode(at(each, 'name')) ?? []),
];
