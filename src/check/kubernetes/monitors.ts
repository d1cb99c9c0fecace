import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import { at, booleanOf, itemsOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import { type Cluster, inNamespace, type Workload } from './cluster.ts';
import { fits, labelOf } from './labels.ts';
import { behind, numberAt, portNamed } from './services.ts';

/** In which namespaces a monitor looks: its own, the listed ones, or all (undefined). */
export function namespacesOf(monitor: KubernetesObject): readonly (string | undefined)[] | undefined {
  const selector = at(monitor.root, 'spec', 'namespaceSelector');
  if (booleanOf(at(selector, 'any'))) return undefined;
  const names = itemsOf(at(selector, 'matchNames')).map(textOfNode);
  return names.length > 0 ? names : [monitor.namespace];
}

const looksIn = (monitor: KubernetesObject, namespace: string | undefined): boolean =>
  namespacesOf(monitor)?.some(each => inNamespace(each, namespace)) ?? true;

/** The Services that a ServiceMonitor scrapes. */
export const monitoredServices = (cluster: Cluster, monitor: KubernetesObject): readonly KubernetesObject[] =>
  cluster
    .of('Service')
    .filter(
      each =>
        looksIn(monitor, each.namespace) && fits(at(monitor.root, 'spec', 'selector'), labelOf(each.root)),
    );

/** The workloads that a PodMonitor scrapes. */
export const monitoredPods = (cluster: Cluster, monitor: KubernetesObject): readonly Workload[] =>
  cluster
    .selected(at(monitor.root, 'spec', 'selector'), undefined)
    .filter(({ object }) => looksIn(monitor, object.namespace));

/** A port of a pod that is scraped, and what says so. */
interface Scraped {
  readonly workload: Workload;
  readonly port: number;
  readonly monitor: KubernetesObject;
  readonly endpoint: YamlNode;
}

/** Every pod that a monitor of the set scrapes, and at which of its ports. */
export function scrapedIn(cluster: Cluster): readonly Scraped[] {
  const ofServices = cluster.of('ServiceMonitor').flatMap(monitor =>
    monitoredServices(cluster, monitor).flatMap(service =>
      behind(cluster, service).flatMap(workload =>
        itemsOf(at(monitor.root, 'spec', 'endpoints')).flatMap(endpoint => {
          const port = numberAt(workload, service, portNamed(service, textOfNode(at(endpoint, 'port'))));
          return port === undefined ? [] : [{ workload, port, monitor, endpoint }];
        }),
      ),
    ),
  );
  const ofPods = cluster.of('PodMonitor').flatMap(monitor =>
    monitoredPods(cluster, monitor).flatMap(workload =>
      itemsOf(at(monitor.root, 'spec', 'podMetricsEndpoints')).flatMap(endpoint => {
        const port = numberAt(workload, undefined, at(endpoint, 'port'));
        return port === undefined ? [] : [{ workload, port, monitor, endpoint }];
      }),
    ),
  );
  return [...ofServices, ...ofPods];
}
