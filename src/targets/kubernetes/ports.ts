import type { Service } from '../../model/model.ts';

interface NamedPort {
  readonly name: string;
  readonly port: number;
  /** https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol */
  readonly protocol: string | undefined;
}

/** Each port once, by the name that the Service and the probes know it by. */
export function portsOf({ port, grpc, metrics, ports }: Service): NamedPort[] {
  const all: (NamedPort | undefined)[] = [
    port === undefined ? undefined : { name: 'http', port, protocol: 'http' },
    grpc && { name: 'grpc', port: grpc.port, protocol: grpc.tls ? 'https' : 'kubernetes.io/h2c' },
    metrics?.port === undefined ? undefined : { name: 'metrics', port: metrics.port, protocol: 'http' },
    ...Object.entries(ports).map(([name, number]) => ({ name, port: number, protocol: undefined })),
  ];
  const known = all.filter(each => each !== undefined);
  return known.filter((each, index) => known.findIndex(other => other.port === each.port) === index);
}

/** The name of the port that serves the metrics, which may be that of the service itself. */
export const metricsPortName = (service: Service): string | undefined =>
  portsOf(service).find(({ port }) => port === service.metrics?.port)?.name;
