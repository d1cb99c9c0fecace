import type { Contradiction } from '../consistency.ts';
import type { Config, ServiceConfig } from '../schema/config.ts';

interface Use {
  readonly owner: string;
  readonly port: number;
  readonly path: (string | number)[];
}

/** A port is used once in a process, and once on a host where services share one. */
export function portProblems(config: Config): Contradiction[] {
  const uses = Object.entries(config.services).flatMap(([name, service]) => portsOf(name, service));
  return [...withinServices(uses), ...(sharesHost(config) ? acrossServices(uses) : [])];
}

/** Compose publishes on the host; systemd and Windows listen there. */
const sharesHost = ({ targets }: Config) => Boolean(targets.compose || targets.systemd || targets.windows);

function portsOf(name: string, service: ServiceConfig): Use[] {
  const path = (...rest: string[]) => ['services', name, ...rest];
  const uses: Use[] = [];
  if (service.port !== undefined) uses.push({ owner: name, port: service.port, path: path('port') });
  const metrics = service.metrics ? service.metrics.port : undefined;
  if (metrics !== undefined && metrics !== service.port)
    uses.push({ owner: name, port: metrics, path: path('metrics', 'port') });
  if (service.grpc) uses.push({ owner: name, port: service.grpc.port, path: path('grpc', 'port') });
  return uses;
}

const withinServices = (uses: readonly Use[]) =>
  clashes(
    uses,
    (a, b) => a.owner === b.owner,
    () => 'another port of this service has this number',
  );

const acrossServices = (uses: readonly Use[]) =>
  clashes(
    uses,
    (a, b) => a.owner !== b.owner,
    first => `${first.owner} uses this port on the same host; give each its own`,
  );

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
