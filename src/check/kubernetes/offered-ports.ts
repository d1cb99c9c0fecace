import { at, itemsOf, placeOf, textOfNode } from '../../artifacts/yaml.ts';
import type { Finding } from '../rule.ts';
import { listed } from '../words.ts';
import { type Cluster, titled } from './cluster.ts';
import { monitoredServices } from './monitors.ts';
import { backendsIn, behind, opens, portNamed } from './services.ts';

/** Ports that are asked for by a name or number which the other side does not have. */
export const unofferedPorts = (cluster: Cluster): Finding[] => [
  ...ofPods(cluster),
  ...ofProbes(cluster),
  ...ofBackends(cluster),
  ...ofMonitors(cluster),
];

const ofPods = (cluster: Cluster): Finding[] =>
  cluster.of('Service').flatMap(service => {
    const workloads = behind(cluster, service);
    return itemsOf(at(service.root, 'spec', 'ports')).flatMap((port): Finding[] => {
      const target = at(port, 'targetPort');
      const name = textOfNode(target);
      if (!target || !name || /^\d+$/.test(name) || workloads.length === 0) return [];
      if (workloads.some(({ containers }) => containers.some(each => opens(each, name)))) return [];
      const names = workloads.map(each => titled(each.object));
      return [
        {
          at: placeOf(target),
          message: `${titled(service)} leads to port ${name}, and no container of ${listed(names)} names a port so`,
          related: workloads.map(each => ({
            ...placeOf(each.containers[0] ?? each.object.root),
            message: titled(each.object),
          })),
        },
      ];
    });
  });

/** A probe knows the names of its own container only. */
const ofProbes = (cluster: Cluster): Finding[] =>
  cluster.workloads.flatMap(({ object, containers }) =>
    containers.flatMap(container =>
      ['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((probe): Finding[] => {
        const port = at(container, probe, 'httpGet', 'port') ?? at(container, probe, 'tcpSocket', 'port');
        const name = textOfNode(port);
        if (!port || !name || /^\d+$|[${]/.test(name) || opens(container, name)) return [];
        const whose = `${textOfNode(at(container, 'name')) ?? 'a container'} of ${titled(object)}`;
        return [
          {
            at: placeOf(port),
            message: `the ${probe} of ${whose} asks port ${name}, and the container names no port so`,
            related: [{ ...placeOf(at(container, 'ports') ?? container), message: whose }],
          },
        ];
      }),
    ),
  );

const ofBackends = (cluster: Cluster): Finding[] =>
  backendsIn(cluster).flatMap(({ route, service: name, port }): Finding[] => {
    const service = cluster.named('Service', name, route);
    if (
      !service ||
      !port ||
      portNamed(service, textOfNode(port)) ||
      textOfNode(at(service.root, 'spec', 'type')) === 'ExternalName'
    )
      return [];
    return [
      {
        at: placeOf(port),
        message: `${titled(route)} asks ${titled(service)} for port ${textOfNode(port)}, which it does not have`,
        related: [
          { ...placeOf(at(service.root, 'spec', 'ports') ?? service.root), message: titled(service) },
        ],
      },
    ];
  });

const ofMonitors = (cluster: Cluster): Finding[] =>
  cluster.of('ServiceMonitor').flatMap(monitor => {
    const services = monitoredServices(cluster, monitor);
    return itemsOf(at(monitor.root, 'spec', 'endpoints')).flatMap((endpoint): Finding[] => {
      const port = at(endpoint, 'port');
      const named = (name: string | undefined) =>
        services.some(each =>
          itemsOf(at(each.root, 'spec', 'ports')).some(every => textOfNode(at(every, 'name')) === name),
        );
      const [first] = services;
      if (!port || !first || named(textOfNode(port))) return [];
      return [
        {
          at: placeOf(port),
          message: `${titled(monitor)} scrapes port ${textOfNode(port)}, and ${titled(first)} names no port so`,
          related: [{ ...placeOf(at(first.root, 'spec', 'ports') ?? first.root), message: titled(first) }],
        },
      ];
    });
  });
