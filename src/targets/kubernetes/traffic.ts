import type { Model, Service } from '../../model/model.ts';
import { refusedPaths, streamPaths, Territory, understood, withoutSlash } from '../territory.ts';
import { publicServices } from './exposure.ts';

export interface Match {
  readonly path: string;
  /** Else it and all below it. */
  readonly exact: boolean;
}

/** Paths of a public service that a proxy treats alike. */
export interface Section {
  readonly kind: 'refused' | 'stream' | 'grpc' | 'pages';
  readonly matches: readonly Match[];
  /** How long the proxy waits, in milliseconds. */
  readonly patience: number;
}

/** Each public service with its sections; a path that is more exact or longer wins over the others. */
export function traffic(model: Model): { service: Service; sections: Section[] }[] {
  const services = publicServices(model);
  return services.map(service => ({ service, sections: sectionsOf(new Territory(service, services)) }));
}

function sectionsOf(territory: Territory): Section[] {
  const { grpc, timing, health } = territory.service;
  const refused = refusedPaths(territory);
  const streams = streamPaths(territory).map(withoutSlash);
  const probes = health ? [health.live.path, health.ready.path, health.startup.path].map(understood) : [];
  // Below a refused path may be one that monitors ask from outside.
  const asked = [...new Set(probes)].filter(
    path => territory.has(path) && refused.some(each => path.startsWith(`${each}/`)),
  );
  const pages = streams.includes(territory.path) ? [] : [below(territory.path)];
  const sections: Section[] = [
    { kind: 'refused', matches: refused.map(refusal), patience: timing.proxyRead },
    { kind: 'stream', matches: streams.map(below), patience: timing.proxyStreamRead },
    {
      kind: 'grpc',
      // Calls are told apart by the service's name in their path, so without it none is let in.
      matches: grpc?.service ? [below(`/${grpc.service}`)] : [],
      patience: timing.proxyStreamRead,
    },
    { kind: 'pages', matches: [...pages, ...asked.map(exactly)], patience: timing.proxyRead },
  ];
  return sections.filter(({ matches }) => matches.length > 0);
}

const below = (path: string): Match => ({ path, exact: false });
const exactly = (path: string): Match => ({ path, exact: true });
/** All below `/` is everything. */
const refusal = (path: string): Match => (path === '/' ? exactly(path) : below(path));
