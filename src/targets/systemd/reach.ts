import { asInstance, type Host, type HostService } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';

/** Below this a port is for root, or for who has the capability. */
const FIRST_FREE_PORT = 1_024;

/** After the network, and after what is on this machine too. */
export function orderOf(host: Host, { service }: HostService): { after: string[]; wants: string[] } {
  const others = host.services.filter(
    other => service.dependsOn.services.includes(other.service.key) && other.service.kind !== 'job',
  );
  const wants = [
    'network-online.target',
    ...(service.dependsOn.database && host.databaseIsLocal ? ['postgresql.service'] : []),
    ...others.flatMap(other => other.instances.map(instance => instance.unit)),
  ];
  return { after: wants, wants };
}

export const hasLowPort = (own: HostService): boolean => portsOf(own).some(port => port < FIRST_FREE_PORT);

function portsOf(own: HostService): number[] {
  return own.instances
    .map(instance => asInstance(own.service, instance))
    .flatMap(({ port, metrics, grpc }) => [port, metrics?.port, grpc?.port])
    .filter(port => port !== undefined);
}

/** Nobody outside of this machine is called. */
export const staysHere = (model: Model, host: Host, { service }: HostService): boolean =>
  service.egress.length === 0 &&
  (!service.dependsOn.database || host.databaseIsLocal) &&
  model.observability.otel === undefined;
