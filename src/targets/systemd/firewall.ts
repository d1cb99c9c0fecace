import { asInstance, type Host } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';

/** Open: the web, where there is a proxy. Closed: the ports of programs, and of a database on this machine. */
export function firewallView(model: Model, host: Host): object {
  const { nginx } = model.targets;
  const open = nginx
    ? [
        { number: 80, reason: nginx.acme ? 'ACME, redirect to HTTPS' : 'redirect to HTTPS' },
        { number: 443, reason: 'HTTPS' },
      ]
    : [];
  const own = host.services.flatMap(({ service, instances }) =>
    instances
      .map(instance => asInstance(service, instance))
      .flatMap(each => [each.port, each.metrics?.port, each.grpc?.port, ...Object.values(each.ports)]),
  );
  const ports = [...own, host.databaseIsLocal ? model.database?.port : undefined].filter(
    port => port !== undefined,
  );
  return {
    name: model.name,
    open,
    closed: [...new Set(ports)]
      .filter(port => !open.some(({ number }) => number === port))
      .sort((a, b) => a - b),
  };
}
