import { seconds } from '../../model/references.ts';
import { refusedPaths, streamPaths, type Territory, understood } from '../territory.ts';

/** Where a request goes on: exactly at a path, or also below it. */
export interface Location {
  readonly exact: boolean;
  readonly path: string;
  readonly stream: 'none' | 'sse' | 'websocket';
  readonly read: string;
}

export interface Probe {
  readonly path: string;
  readonly read: string;
}

/** Two locations where a path does not end in a slash, so that `/v1` and all below it are not also `/v1beta`. */
function locationsOf(path: string): Pick<Location, 'exact' | 'path'>[] {
  if (path.endsWith('/')) return [{ exact: false, path }];
  return [
    { exact: true, path },
    { exact: false, path: `${path}/` },
  ];
}

/** The streams first, then all else; a service whose every path streams has nothing else. */
export function locationsIn(territory: Territory): Location[] {
  const { stream, timing } = territory.service;
  const streaming = streamPaths(territory)
    .flatMap(locationsOf)
    .map(location => ({
      ...location,
      stream: stream?.kind ?? 'none',
      read: seconds(timing.proxyStreamRead),
    }));
  const rest = locationsOf(territory.path)
    .filter(({ path }) => !streaming.some(each => each.path === path))
    .map(location => ({ ...location, stream: 'none' as const, read: seconds(timing.proxyRead) }));
  const refused = refusedPaths(territory);
  // An exact location would win over the regular expression that refuses its path.
  return [...streaming, ...rest].filter(({ exact, path }) => !exact || !refused.includes(path));
}

/** Exactly these. `/` is also somebody's page, and stays under the limits of pages. */
export function probesIn(territory: Territory): Probe[] {
  const { health } = territory.service;
  if (!health) return [];
  const taken = ['/', ...streamPaths(territory), ...refusedPaths(territory)];
  const probes = [health.live, health.ready, health.startup].map(probe => ({
    path: understood(probe.path),
    // The service's own answer to a slow check comes first.
    read: seconds(probe.timeout * 2),
  }));
  return probes.filter(
    ({ path }, i) =>
      territory.has(path) && !taken.includes(path) && probes.findIndex(each => each.path === path) === i,
  );
}

/**
 * Some frameworks lead to one handler whatever the case, with a slash at the end, a parameter behind a
 * semicolon or anything below a path. So all of it is refused.
 */
export function refusedIn(territory: Territory): string[] {
  return refusedPaths(territory).map(path => {
    if (path === '/') return '^/$';
    return `^${quoted(path)}${territory.shares(path) ? '/?$' : '(?:[/;]|$)'}`;
  });
}

/** A text as a regular expression that only it matches. */
const quoted = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
