import type { Service } from '../../model/model.ts';

/**
 * nginx compares locations with the path as it understands it: decoded, and slashes merged. A path that is
 * not rightly encoded is refused before any location is looked for, so it may stay as it is.
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
