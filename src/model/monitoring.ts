import { hostOf } from './host.ts';
import { type MetricNames, metricNames } from './metrics.ts';
import { isBuilt, type Model, type Service, servicesOf } from './model.ts';

type MonitoringPlatform = 'host' | 'compose' | 'kubernetes' | 'outside';

/** What is watched and from where; monitoring and the runbook agree by it. */
export interface Monitoring {
  readonly platform: MonitoringPlatform;
  /** Of Kubernetes' objects. */
  readonly namespace: string;
  readonly services: readonly Watched[];
  readonly names: MetricNames;
  /** `host:port` of each program that Prometheus asks or tells. */
  readonly tools: Readonly<Record<Tool, string>>;
}

export type Tool = 'prometheus' | 'alertmanager' | 'node' | 'cadvisor' | 'blackbox' | 'postgres';

export interface Watched {
  readonly service: Service;
  /** `host:port` of its metrics; empty where it has none, or where the platform finds them. */
  readonly scraped: readonly string[];
  /** Several copies answer by one name. */
  readonly byName: boolean;
  /** It serves the family of metrics that the configuration names. */
  readonly family: boolean;
  /** URLs that say whether it can take requests, asked from inside. */
  readonly probes: readonly string[];
  /** `host:port` of gRPC, whose own health service is asked. */
  readonly grpc: readonly string[];
  /** The same from outside, through the proxy. */
  readonly publicProbe: string | undefined;
}

const DEFAULT_PORTS: Readonly<Record<Tool, number>> = {
  prometheus: 9090,
  alertmanager: 9093,
  node: 9100,
  // Its own default, 8080, is most services' too.
  cadvisor: 9338,
  blackbox: 9115,
  postgres: 9187,
};

export function monitoringOf(model: Model): Monitoring {
  const platform = platformOf(model);
  return {
    platform,
    namespace: model.namespace,
    services: watched(model, platform),
    names: metricNames(model.observability.metrics.family),
    tools: toolsOf(model, platform),
  };
}

export function platformOf({ targets }: Model): MonitoringPlatform {
  if (targets.monitoring?.platform) return targets.monitoring.platform;
  if (targets.systemd) return 'host';
  if (targets.compose) return 'compose';
  return targets.kubernetes ? 'kubernetes' : 'outside';
}

function watched(model: Model, platform: MonitoringPlatform): Watched[] {
  const carrier = { host: 'systemd', compose: 'compose', kubernetes: 'kubernetes' } as const;
  const carried = platform === 'outside' ? model.services : servicesOf(model, carrier[platform]);
  return servicesOf(model, 'monitoring')
    .filter(service => carried.includes(service) && service.kind !== 'job')
    .filter(service => platform !== 'host' || isBuilt(service))
    .map(service => ({
      service,
      ...addresses(model, service, platform),
      byName:
        platform === 'compose' &&
        service.capacity.scale.kind === 'fixed' &&
        service.capacity.scale.replicas > 1,
      family:
        isBuilt(service) &&
        service.kind === 'http' &&
        service.metrics !== undefined &&
        platform !== 'outside',
      publicProbe: publicProbe(model, service),
    }));
}

type Addresses = Pick<Watched, 'scraped' | 'probes' | 'grpc'>;

function addresses(model: Model, service: Service, platform: MonitoringPlatform): Addresses {
  // Pods come and go: there the platform says whether they are ready.
  if (platform === 'kubernetes' || platform === 'outside') return { scraped: [], probes: [], grpc: [] };
  const instances = hostOf(model).services.find(each => each.service.key === service.key)?.instances ?? [];
  const at = (port: number | undefined, own: readonly (number | undefined)[]): string[] => {
    const known = platform === 'host' ? own.map(each => ['127.0.0.1', each]) : [[service.key, port]];
    return known.flatMap(([host, number]) => (number === undefined ? [] : [`${host}:${number}`]));
  };
  const ready = service.health?.ready.path;
  return {
    scraped: service.metrics
      ? at(
          service.metrics.port,
          instances.map(each => each.metricsPort),
        )
      : [],
    probes: ready
      ? at(
          service.port,
          instances.map(each => each.port),
        ).map(each => `http://${each}${ready}`)
      : [],
    grpc: service.grpc
      ? at(
          service.grpc.port,
          instances.map(each => each.grpcPort),
        )
      : [],
  };
}

/** Below a path of its own a service need not have its health there, so only the whole domain is asked. */
const publicProbe = ({ domain }: Model, { publicPath, health }: Service): string | undefined =>
  domain !== undefined && publicPath === '/' && health ? `https://${domain}${health.ready.path}` : undefined;

/** On a host they share its ports with the services, so each takes the next that is free. */
function toolsOf(model: Model, platform: MonitoringPlatform): Record<Tool, string> {
  const names: Record<Tool, string> = {
    prometheus: 'localhost',
    alertmanager: 'alertmanager',
    node: 'node-exporter',
    cadvisor: 'cadvisor',
    blackbox: 'blackbox-exporter',
    postgres: 'postgres-exporter',
  };
  const inContainers = platform === 'compose' || platform === 'kubernetes';
  const taken = inContainers ? new Set<number>() : portsOf(model);
  const address = (tool: Tool): string => {
    let port = DEFAULT_PORTS[tool];
    if (inContainers) return `${names[tool]}:${tool === 'cadvisor' ? 8080 : port}`;
    while (taken.has(port)) port += 1;
    taken.add(port);
    return `127.0.0.1:${port}`;
  };
  const tools = Object.keys(DEFAULT_PORTS) as Tool[];
  return Object.fromEntries(tools.map(tool => [tool, address(tool)])) as Record<Tool, string>;
}

function portsOf(model: Model): Set<number> {
  const instances = hostOf(model).services.flatMap(each => each.instances);
  const ports = [
    ...instances.flatMap(each => [each.port, each.metricsPort, each.grpcPort]),
    ...model.services.flatMap(({ port, metrics, grpc, ports: named }) => [
      port,
      metrics?.port,
      grpc?.port,
      ...Object.values(named),
    ]),
    model.database?.port,
  ];
  return new Set(ports.filter(port => port !== undefined));
}
