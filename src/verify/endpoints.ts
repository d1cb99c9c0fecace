import { metricNames } from '../model/metrics.ts';
import type { Model, Service } from '../model/model.ts';
import type { Access, Endpoint } from './deployment.ts';
import { addressOf } from './http/exchange.ts';

export interface Reach {
  /** Of --url: where the public service answers. */
  readonly url: URL | undefined;
  readonly connectTo: string | undefined;
  readonly ca: string | undefined;
  readonly token: string | undefined;
  /** Where a platform says that services answer, by their keys. */
  readonly addresses?: Readonly<Record<string, URL>>;
  /** The keys of those that nobody gets to from here. */
  readonly hidden?: readonly string[];
}

/** The services of a model that answer somewhere, each with what it serves there. */
export function endpointsOf(model: Model, reach: Reach): Endpoint[] {
  return model.services.flatMap(service => {
    const access = accessOf(service, model, reach);
    return access ? [endpointOf(service, access, model)] : [];
  });
}

/** A platform's address is the service's own; the domain's is what its users see; else this machine's. */
function accessOf(service: Service, model: Model, reach: Reach): Access | undefined {
  if (service.port === undefined || reach.hidden?.includes(service.key)) return undefined;
  const { connectTo, ca, token } = reach;
  const at = (base: URL, isPublic: boolean): Access => ({ base, public: isPublic, connectTo, ca, token });
  const own = reach.addresses?.[service.key];
  if (own) return at(own, isOutside(own, model));
  if (reach.url) return isMeant(service, model) ? at(reach.url, isOutside(reach.url, model)) : undefined;
  if (model.domain !== undefined)
    return service.publicPath === undefined ? undefined : at(new URL(`https://${model.domain}`), true);
  return at(new URL(`http://127.0.0.1:${service.port}`), false);
}

/** An address without a service's name means what users meet there: what is public, else the first that listens. */
function isMeant(service: Service, model: Model): boolean {
  const listening = model.services.filter(({ port }) => port !== undefined);
  const open = listening.filter(({ publicPath }) => publicPath !== undefined);
  return (open.length > 0 ? open : listening.slice(0, 1)).includes(service);
}

/** Through what stands before the service: by its public name, or from a network that is everybody's. */
export const isOutside = (url: URL, model?: Model): boolean =>
  url.hostname === model?.domain || !INSIDE.some(pattern => pattern.test(url.hostname));

/** This machine, private networks, and names that only resolve inside of one. */
const INSIDE = [
  /^(?:localhost|[^.:[]+)$/,
  /\.(?:localhost|local|internal|svc)$/,
  /^(?:127|10)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\./,
  /^\[(?:::1\]|f[cd]|fe80)/,
];

function endpointOf(service: Service, access: Access, model: Model): Endpoint {
  const leads = (path: string | undefined) =>
    path !== undefined && (!access.public || leadsTo(service, path, model)) ? path : undefined;
  const { health, stream, grpc } = service;
  return {
    service: service.key,
    access,
    live: leads(health?.live.path),
    ready: leads(health?.ready.path),
    startup: health && health.startup.path !== health.live.path ? leads(health.startup.path) : undefined,
    deep: leads(health?.deep),
    version: leads('/version'),
    metrics: service.metrics && metricsAt(service, access),
    metricFamilies: familiesOf(service, model),
    grpc: grpc && { url: grpcAt(service, access), service: grpc.service },
    stream:
      stream && stream.kind !== 'none'
        ? { ...stream, kind: stream.kind, paths: stream.paths.filter(leads) }
        : undefined,
    cors: service.cors,
    bodyLimit: service.limits.body,
    objectives: model.observability.objectives,
    smoke: service.smoke.filter(({ path }) => leads(path.replace(/\?.*$/, ''))),
  };
}

/** Whether a path of the domain is this service's: no other public service has a longer part of it. */
function leadsTo(service: Service, path: string, model: Model): boolean {
  // Nobody shares an address that was given for a service that is not public.
  if (service.publicPath === undefined) return true;
  const within = (part: string) =>
    part === '/' || path === part || path.startsWith(part.endsWith('/') ? part : `${part}/`);
  const owner = model.services
    .filter(({ publicPath }) => publicPath !== undefined && within(publicPath))
    .sort((a, b) => (b.publicPath ?? '').length - (a.publicPath ?? '').length)[0];
  return owner === service;
}

/** Directly, metrics have a port of their own; from outside they are looked for where a stranger would. */
function metricsAt({ metrics, port }: Service, { base, public: isPublic }: Access): URL {
  const url = addressOf(base, metrics?.path ?? '/metrics');
  if (!isPublic && metrics?.port !== undefined && metrics.port !== port) url.port = String(metrics.port);
  return url;
}

function grpcAt({ grpc }: Service, { base, public: isPublic }: Access): URL {
  const url = new URL('/', base);
  if (isPublic) return url;
  url.protocol = grpc?.tls ? 'https:' : 'http:';
  url.port = String(grpc?.port);
  return url;
}

/** Third parties' programs have metrics of their own. */
/** What dashboards and alerts that are rendered rely on; where there are none, a program may count what it likes. */
function familiesOf(service: Service, model: Model): string[] {
  const { monitoring, kubernetes } = model.targets;
  if (!service.metrics || service.source.kind === 'image' || !(monitoring || kubernetes?.monitor)) return [];
  const { requests, duration, tokens, active, errors } = metricNames(model.observability.metrics.family);
  return [requests, duration, tokens, active, errors].filter(name => name !== undefined);
}
