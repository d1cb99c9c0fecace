import { hostOf, type Instance } from '../../model/host.ts';
import type { Model, Service } from '../../model/model.ts';

export interface Upstream {
  readonly name: string;
  readonly ports: readonly number[];
  /** Several instances are balanced, and share what they know between nginx's workers. */
  readonly balanced: boolean;
}

/** Where the instances of a service listen on this machine: a unit's own ports, or what compose publishes. */
export function instancesOf(model: Model, service: Service): readonly Pick<Instance, 'port' | 'grpcPort'>[] {
  const onHost = hostOf(model).services.find(each => each.service.key === service.key);
  return onHost?.instances ?? [{ port: service.port, grpcPort: service.grpc?.port }];
}

/** Copies that compose starts share no port of the host, so nginx can only be told of one. */
export function isOutOfReach(model: Model, service: Service): boolean {
  const { compose, systemd } = model.targets;
  const { scale } = service.capacity;
  return compose !== undefined && systemd === undefined && scale.kind === 'fixed' && scale.replicas > 1;
}

export function upstreamOf(name: string, ports: readonly (number | undefined)[]): Upstream {
  const known = ports.filter(port => port !== undefined);
  return { name, ports: known, balanced: known.length > 1 };
}

/** A word of nginx; labels have no underscore, so two names stay two. */
export const idOf = (name: string): string => name.replaceAll('-', '_');

export interface DrainedInstance {
  readonly unit: string;
  readonly ports: readonly number[];
}

/** The instances that another one can stand in for, by their units. */
export function drainable(model: Model, services: readonly Service[]): DrainedInstance[] {
  return hostOf(model)
    .services.filter(({ service, instances }) => instances.length > 1 && services.includes(service))
    .flatMap(({ service, instances }) =>
      instances.map(({ unit, port, grpcPort }) => ({
        unit,
        ports: [port, service.grpc?.service ? grpcPort : undefined].filter(each => each !== undefined),
      })),
    );
}
