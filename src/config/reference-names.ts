import type { Config } from './schema/config.ts';

/** Every reference that `${…}` may name for one service; what a smoke may name beside is a secret. */
export function referenceNames(config: Config, serviceName: string): Set<string> {
  const service = config.services[serviceName];
  const names = new Set(['tag', 'name', 'timeouts.request', 'timeouts.llm', 'timeouts.startup', 'timeouts.drain', 'timeouts.drainDelay']);
  if (service?.port !== undefined) names.add('port');
  if (service?.metrics) names.add('metrics.port').add('metrics.path');
  if (service?.grpc) names.add('grpc.port');
  if (config.domain) names.add('domain');
  if (config.observability.otel) names.add('otel.endpoint');
  if (config.database) for (const part of ['url', 'host', 'port', 'name', 'user']) names.add(`database.${part}`);
  for (const [other, { port, grpc }] of Object.entries(config.services)) {
    if (port === undefined && !grpc) continue;
    names.add(`services.${other}.host`);
    if (port !== undefined) names.add(`services.${other}.url`).add(`services.${other}.port`);
    if (grpc) names.add(`services.${other}.grpc`);
  }
  return names;
}
