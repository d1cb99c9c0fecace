import type { Config, ServiceConfig } from './schema/config.ts';

/** Every reference that `${…}` may name for one service; what a smoke may name beside is a secret. */
export function referenceNames(config: Config, serviceName: string): Set<string> {
  const service = config.services[serviceName];
  const names = new Set([
    'tag',
    'name',
    'timeouts.request',
    'timeouts.llm',
    'timeouts.startup',
    'timeouts.drain',
    'timeouts.drainDelay',
  ]);
  if (service?.port !== undefined) names.add('port');
  if (service?.metrics) names.add('metrics.port').add('metrics.path');
  if (service?.grpc) names.add('grpc.port');
  if (service) addServiceNames(names, service);
  if (config.domain) names.add('domain');
  if (config.observability.otel)
    for (const part of ['endpoint', 'address', 'sampler', 'ratio']) names.add(`otel.${part}`);
  if (config.database)
    for (const part of ['url', 'host', 'port', 'name', 'user']) names.add(`database.${part}`);
  for (const [other, { port, grpc, ports }] of Object.entries(config.services)) {
    for (const each of Object.keys(ports)) names.add(`services.${other}.ports.${each}`);
    if (port === undefined && !grpc && Object.keys(ports).length === 0) continue;
    names.add(`services.${other}.host`);
    if (port !== undefined) names.add(`services.${other}.url`).add(`services.${other}.port`);
    if (grpc) names.add(`services.${other}.grpc`);
  }
  return names;
}

/** The service's own numbers, so that a program's variable need not repeat them. */
function addServiceNames(names: Set<string>, { ports, limits, stream, cors }: ServiceConfig): void {
  for (const each of Object.keys(ports)) names.add(`ports.${each}`);
  for (const part of ['body', 'rps', 'concurrency'] as const)
    if (limits[part] !== undefined) names.add(`limits.${part}`);
  if (stream.kind !== 'none')
    for (const part of ['maxDuration', 'heartbeat', 'firstEvent', 'idle']) names.add(`stream.${part}`);
  if (cors.length > 0) names.add('cors');
}
