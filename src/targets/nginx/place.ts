import type { Model, Service } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { Territory } from '../territory.ts';
import { type Location, locationsIn, type Probe, probesIn, refusedIn } from './locations.ts';
import { bodyOf, burst, rate } from './quantities.ts';
import { idOf, instancesOf, isOutOfReach, type Upstream, upstreamOf } from './upstream.ts';

/** One public service below the domain, as the template reads it. */
export interface Place {
  readonly service: string;
  readonly path: string;
  readonly upstream: Upstream;
  readonly outOfReach: boolean;
  readonly body: ReturnType<typeof bodyOf>;
  readonly rate: { readonly zone: string; readonly rate: string; readonly burst: number } | undefined;
  readonly concurrency: { readonly zone: string; readonly most: number } | undefined;
  /** Regular expressions of what is not for the public. */
  readonly refused: readonly string[];
  readonly probes: readonly Probe[];
  readonly locations: readonly PlaceLocation[];
  /** Where a stream goes that one of several instances did not take. */
  readonly other: PlaceLocation | undefined;
  readonly grpc: GrpcPlace | undefined;
}

interface PlaceLocation extends Location {
  readonly once: boolean;
}

interface GrpcPlace {
  readonly upstream: Upstream;
  readonly path: string;
  readonly scheme: 'grpc' | 'grpcs';
  readonly read: string;
}

export function placeOf(model: Model, service: Service, all: readonly Service[]): Place {
  const id = idOf(`${model.name}_${service.key}`);
  const territory = new Territory(service, all);
  const instances = instancesOf(model, service);
  const { body, rps, concurrency } = service.limits;
  const locations = locationsIn(territory).map(location => ({
    ...location,
    // A body that was passed on as it came is not there for another instance; nginx itself sees to that.
    once: location.stream === 'sse' && instances.length > 1 && !bodyOf(body).streamed,
  }));
  return {
    service: service.key,
    path: territory.path,
    upstream: upstreamOf(
      id,
      instances.map(instance => instance.port),
    ),
    outOfReach: isOutOfReach(model, service),
    body: bodyOf(body),
    rate: rps === undefined ? undefined : { zone: `${id}_rate`, rate: rate(rps), burst: burst(rps) },
    concurrency:
      concurrency === undefined ? undefined : { zone: `${id}_active`, most: concurrency * instances.length },
    refused: refusedIn(territory),
    probes: probesIn(territory),
    locations,
    other: locations.find(location => location.once),
    grpc: grpcOf(service, id, instances),
  };
}

function grpcOf(
  { grpc, timing }: Service,
  id: string,
  instances: ReturnType<typeof instancesOf>,
): GrpcPlace | undefined {
  // Calls are told apart by the service's name in their path, so without it none is let in.
  if (!grpc?.service) return undefined;
  return {
    upstream: upstreamOf(
      `${id}_grpc`,
      instances.map(instance => instance.grpcPort),
    ),
    path: `/${grpc.service}/`,
    scheme: grpc.tls ? 'grpcs' : 'grpc',
    read: seconds(timing.proxyStreamRead),
  };
}
