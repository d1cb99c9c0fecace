import { type Model, servicesOf } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { Unrepresentable } from '../../render/engine.ts';
import { type Certificate, certificateOf } from './certificate.ts';
import { type Place, placeOf } from './place.ts';
import { type DrainedInstance, drainable, idOf } from './upstream.ts';

/** The site as its template reads it. */
interface SiteView {
  readonly name: string;
  /** Begins every name that other sites on the host share: variables, zones, locations. */
  readonly id: string;
  readonly domain: string;
  readonly certificate: Certificate;
  readonly acme: boolean;
  readonly webroot: string;
  readonly ipv6: boolean;
  readonly http2Directive: boolean;
  /** Whether a reload may leave kept connections open for a moment. */
  readonly keepAliveMinimum: boolean;
  readonly hsts: string | undefined;
  readonly hashBucket: number | undefined;
  readonly trustedProxies: readonly string[];
  readonly websockets: boolean;
  readonly grpc: boolean;
  readonly rates: boolean;
  readonly concurrency: boolean;
  readonly longest: string;
  readonly places: readonly Place[];
  readonly instances: readonly DrainedInstance[];
  readonly units: readonly string[];
}

const YEAR = 31_536_000;

export function siteView(model: Model): SiteView {
  const { domain, name } = model;
  const settings = model.targets.nginx;
  const version = settings?.version ?? '1.22';
  const services = servicesOf(model, 'nginx').filter(service => service.publicPath !== undefined);
  if (!domain) return missing('it serves a domain; add `domain: chat.example.com`');
  if (services.length === 0) return missing('no service of it is public; add `public: true` to one');
  const places = services
    .map(service => placeOf(model, service, services))
    .sort((a, b) => b.path.length - a.path.length || (a.path < b.path ? -1 : 1));
  const instances = drainable(model, services);
  return {
    name,
    id: idOf(name),
    domain,
    certificate: certificateOf(model, domain),
    acme: settings?.acme ?? true,
    webroot: `/var/www/${name}-acme`,
    ipv6: settings?.ipv6 ?? true,
    http2Directive: isAtLeast(version, [1, 25, 1]),
    keepAliveMinimum: isAtLeast(version, [1, 27, 4]),
    hsts: hstsOf(settings?.hsts, domain),
    hashBucket: hashBucketOf(domain),
    trustedProxies: settings?.trustedProxies ?? [],
    websockets: services.some(service => service.stream?.kind === 'websocket'),
    grpc: places.some(place => place.grpc),
    rates: places.some(place => place.rate),
    concurrency: places.some(place => place.concurrency),
    longest: seconds(Math.max(...services.map(service => service.timing.proxyStreamRead))),
    places,
    instances,
    units: instances.map(instance => instance.unit),
  };
}

function missing(what: string): never {
  throw new Unrepresentable('nginx', 'this configuration', what);
}

function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  const differs = least.findIndex((part, i) => (parts[i] ?? 0) !== part);
  return differs < 0 || (parts[differs] ?? 0) > (least[differs] ?? 0);
}

/**
 * A hashed name needs a pointer, itself and its length, in words of eight bytes, in a bucket that ends in another
 * pointer. Where the usual 64 are enough none is asked for, since only one site of a host may.
 */
function hashBucketOf(domain: string): number | undefined {
  const needed = 8 + Math.ceil((domain.length + 2) / 8) * 8 + 8;
  return needed <= 64 ? undefined : 2 ** Math.ceil(Math.log2(needed));
}

/** Subdomains are included where the domain is one host's; below a whole zone's name may stand others. */
function hstsOf(written: 'host' | 'subdomains' | 'off' | undefined, domain: string): string | undefined {
  const scope = written ?? (domain.split('.').length > 2 ? 'subdomains' : 'host');
  if (scope === 'off') return undefined;
  return `max-age=${YEAR}${scope === 'subdomains' ? '; includeSubDomains' : ''}`;
}
