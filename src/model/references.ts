import type { Text } from '../config/schema/text.ts';
import type { Model, Service } from './model.ts';

/**
 * What a reference means depends on where the service runs: a target says how one reaches
 * another service and the database there, and everything else follows from the model. `T` is
 * what the target's values are made of; a platform with variables of its own needs more than a string.
 */
export interface Place<T> {
  literal(text: string): T;
  /** The tag of the release, which no committed file holds. */
  tag(): T;
  serviceHost(service: Service): string;
  /** The port where others reach it; the one it listens on unless the platform maps it. */
  servicePort(service: Service): number;
  databaseHost(): string;
  /** Where the collector that is rendered listens; omitted where the endpoint's own name leads to it. */
  collectorHost?(): string;
  databaseUrl(): T;
}

/** The pieces of a text, each as the place says it. */
export function resolve<T>(text: Text, model: Model, service: Service, place: Place<T>): T[] {
  return text.map(piece =>
    'literal' in piece ? place.literal(piece.literal) : refer(piece.reference, model, service, place),
  );
}

function refer<T>(name: string, model: Model, service: Service, place: Place<T>): T {
  if (name === 'tag') return place.tag();
  if (name === 'database.url') return place.databaseUrl();
  const value = name.startsWith('services.')
    ? otherService(name, model, place)
    : own(name, model, service, place);
  // The configuration was checked for unknown references, so this is a mistake of ours.
  if (value === undefined) throw new Error(`unresolved reference ${name}`);
  return place.literal(String(value));
}

function otherService<T>(name: string, model: Model, place: Place<T>): string | number | undefined {
  const [, key, part] = /^services\.(.+)\.(url|host|port|grpc|ports\.[a-z0-9-]+)$/.exec(name) ?? [];
  const other = model.services.find(candidate => candidate.key === key);
  if (!other) return undefined;
  const host = place.serviceHost(other);
  if (part === 'host') return host;
  if (part?.startsWith('ports.')) return other.ports[part.slice('ports.'.length)];
  if (part === 'port') return place.servicePort(other);
  if (part === 'grpc') return `${host}:${other.grpc?.port}`;
  return `http://${host}:${place.servicePort(other)}`;
}

function own<T>(name: string, model: Model, service: Service, place: Place<T>): string | number | undefined {
  const { timing } = service;
  const values: Record<string, () => string | number | undefined> = {
    ...ofService(service),
    ...ofTracing(model, place),
    name: () => model.name,
    domain: () => model.domain,
    port: () => service.port,
    'metrics.port': () => service.metrics?.port,
    'metrics.path': () => service.metrics?.path,
    'grpc.port': () => service.grpc?.port,
    'timeouts.request': () => seconds(timing.request),
    'timeouts.llm': () => seconds(timing.llm),
    'timeouts.startup': () => seconds(timing.startup),
    'timeouts.drain': () => seconds(timing.drain),
    'timeouts.drainDelay': () => seconds(timing.drainDelay),
    'database.host': () => place.databaseHost(),
    'database.port': () => model.database?.port,
    'database.name': () => model.database?.name,
    'database.user': () => model.database?.user,
  };
  return values[name]?.();
}

/** A duration as programs read it: `305s`, or `500ms` where it is no whole second. */
export const seconds = (milliseconds: number): string =>
  milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;

type Tracing = NonNullable<Model['observability']['otel']>;
type Values = Record<string, () => string | number | undefined>;

function ofService({ ports, limits, stream, cors }: Service): Values {
  const time = (value: number | undefined) => () => (value === undefined ? undefined : seconds(value));
  return {
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [`ports.${name}`, () => port])),
    'limits.body': () => limits.body,
    'limits.rps': () => limits.rps,
    'limits.concurrency': () => limits.concurrency,
    'stream.maxDuration': time(stream?.maxDuration),
    'stream.heartbeat': time(stream?.heartbeat),
    'stream.firstEvent': time(stream?.firstEvent),
    'stream.idle': time(stream?.idle),
    cors: () => cors.join(','),
  };
}

function ofTracing<T>(model: Model, place: Place<T>): Values {
  const { otel } = model.observability;
  if (!otel) return {};
  const endpoint = () => tracingEndpoint(otel, model, place);
  return {
    'otel.endpoint': endpoint,
    'otel.address': () =>
      endpoint()
        .replace(/^https?:\/\//, '')
        .replace(/\/.*$/, ''),
    'otel.sampler': () => otel.sampler,
    'otel.ratio': () => otel.ratio,
  };
}

/** Traces may go to one of the services, such as a Jaeger, or to our collector, which every place reaches differently. */
function tracingEndpoint<T>({ endpoint, collector }: Tracing, model: Model, place: Place<T>): string {
  const [, scheme, host = '', rest] = /^(https?:\/\/)([^:/]+)(.*)$/.exec(endpoint) ?? [];
  const service = model.services.find(candidate => candidate.key === host);
  if (service) return `${scheme}${place.serviceHost(service)}${rest}`;
  // A name without a dot is one of a network of containers, or of a namespace.
  const here = collector && !host.includes('.') ? place.collectorHost?.() : undefined;
  return here === undefined ? endpoint : `${scheme}${here}${rest}`;
}
