import type { Config, ServiceConfig } from '../schema/config.ts';
import type { Contradiction } from './contradiction.ts';

interface Use {
  readonly owner: string;
  readonly port: number;
  readonly path: (string | number)[];
  /** Reached by other containers, and never published. */
  readonly inside?: true;
}

/** A port is used once in a process, and once on a host where services share one. */
export function portProblems(config: Config): Contradiction[] {
  const uses = Object.entries(config.services).flatMap(([name, service]) => portsOf(name, service));
  return [
    ...clashes(
      uses,
      (a, b) => a.owner === b.owner,
      () => 'another port of this service has this number',
    ),
    ...clashes(
      uses,
      (a, b) => a.owner !== b.owner && shareHost(config, a, b),
      first => `${first.owner} uses this port on the same host; give each its own`,
    ),
    ...databaseClashes(config, uses),
  ];
}

/** Compose publishes on the host; systemd and Windows listen there, and carry only what is built here. */
const shareHost = (config: Config, a: Use, b: Use): boolean =>
  (['compose', 'systemd', 'windows'] as const).some(target =>
    [a, b].every(use => !(use.inside && target === 'compose') && carries(config, target, use.owner)),
  );

function carries(
  { targets, services }: Config,
  target: 'compose' | 'systemd' | 'windows',
  name: string,
): boolean {
  const section = targets[target];
  if (!section || (section.services && !section.services.includes(name))) return false;
  return target === 'compose' || services[name]?.language !== undefined;
}

/** Without a host of its own, PostgreSQL listens where the units do. */
function databaseClashes({ database, targets, services }: Config, uses: readonly Use[]): Contradiction[] {
  if (!database || database.host !== undefined || !(targets.systemd || targets.windows)) return [];
  return uses
    .filter(use => use.port === database.port && services[use.owner]?.language !== undefined)
    .map(use => ({
      path: use.path,
      message: 'the database uses this port on the same host',
      value: String(use.port),
    }));
}

function portsOf(name: string, service: ServiceConfig): Use[] {
  const path = (...rest: string[]) => ['services', name, ...rest];
  const uses: Use[] = [];
  if (service.port !== undefined) uses.push({ owner: name, port: service.port, path: path('port') });
  const metrics = service.metrics ? service.metrics.port : undefined;
  if (metrics !== undefined && metrics !== service.port)
    uses.push({ owner: name, port: metrics, path: path('metrics', 'port') });
  if (service.grpc) uses.push({ owner: name, port: service.grpc.port, path: path('grpc', 'port') });
  for (const [each, number] of Object.entries(service.ports))
    uses.push({ owner: name, port: number, path: path('ports', each), inside: true });
  return uses;
}

function clashes(
  uses: readonly Use[],
  related: (a: Use, b: Use) => boolean,
  message: (first: Use) => string,
): Contradiction[] {
  return uses.flatMap((use, i) => {
    const first = uses.slice(0, i).find(other => other.port === use.port && related(other, use));
    return first ? [{ path: use.path, message: message(first), value: String(use.port) }] : [];
  });
}
