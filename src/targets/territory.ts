import type { Service } from '../model/model.ts';

/**
 * Proxies compare with the path as they understand it: decoded, and slashes merged. A path that is not rightly
 * encoded is refused before any comparison, so it may stay as it is.
 * https://nginx.org/en/docs/http/ngx_http_core_module.html#location
 */
export function understood(path: string): string {
  return decoded(path).replaceAll(/\/{2,}/g, '/');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export const withoutSlash = (path: string): string => (path === '/' ? path : path.replace(/\/$/, ''));

/** Whether a path is another or lies below it, whole segments counted. */
const isWithin = (path: string, parent: string): boolean =>
  path === parent || path.startsWith(parent === '/' ? parent : `${parent}/`);

const placeOf = (service: Service): string => withoutSlash(understood(service.publicPath ?? '/'));

/** The part of a domain's paths that one of several public services answers for. */
export class Territory {
  readonly path: string;
  readonly service: Service;
  readonly #others: readonly string[];

  constructor(service: Service, all: readonly Service[]) {
    this.path = placeOf(service);
    this.service = service;
    this.#others = all.filter(each => each !== service).map(placeOf);
  }

  /** Whether it answers at a path: no other service has a longer part of it. */
  has(path: string): boolean {
    return (
      isWithin(path, this.path) &&
      this.#others.every(other => other.length < this.path.length || !isWithin(path, other))
    );
  }

  /** Whether another service answers below a path. */
  shares = (path: string): boolean => this.#others.some(other => isWithin(other, path));
}

/** Where its streams are, of those that it answers for. */
export function streamPaths(territory: Territory): string[] {
  const paths = territory.service.stream?.paths ?? [];
  return [...new Set(paths.map(understood))].filter(path => territory.has(withoutSlash(path)));
}

/** What is not for the public: deep health and metrics, and what a Go program serves once it imports net/http/pprof or expvar. */
export function refusedPaths(territory: Territory): string[] {
  const { health, metrics, port, source } = territory.service;
  const isGo = source.kind === 'built' && source.language === 'go';
  // A port of their own has other pages than this one: `/` there is not `/` here.
  const scraped = metrics?.path === '/' && metrics.port !== port ? undefined : metrics?.path;
  const paths = [health?.deep, scraped, ...(isGo ? ['/debug/pprof', '/debug/vars'] : [])]
    .filter(path => path !== undefined)
    .map(path => withoutSlash(understood(path)));
  return [...new Set(paths)].filter(path => territory.has(path));
}
