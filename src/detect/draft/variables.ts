import type { DetectedDatabase, DetectedService, EnvVariable, ThirdPartyService } from '../detection.ts';
import { isThirdPartyUrl } from '../thirdparty.ts';
import { literal } from './values.ts';

/** Variables that must agree with the file, and those that have to be given for the program to start. */
export function environmentDraft(
  service: DetectedService,
  beside: ThirdPartyService[],
  database: DetectedDatabase | undefined,
): Record<string, string> {
  const env: Record<string, string> = {};
  const { port, portEnv, metrics, grpc, timeouts } = service;
  if (port && portEnv) env[portEnv.value.name] = portEnv.value.form;
  const metricsEnv = metrics?.value.portEnv;
  if (metricsEnv && metrics?.value.port !== undefined && metrics.value.port !== port?.value)
    env[metricsEnv.name] = metricsEnv.form.replace('${port}', '${metrics.port}');
  const grpcEnv = grpc?.value.portEnv;
  if (grpcEnv && grpc?.value.port !== undefined)
    env[grpcEnv.name] = grpcEnv.form.replace('${port}', '${grpc.port}');
  if (timeouts.drain && timeouts.drainEnv) env[timeouts.drainEnv] = '${timeouts.drain}';
  for (const variable of service.env) {
    if (variable.secret || variable.name in env) continue;
    const target = beside.find(other => isThirdPartyUrl(variable.default, other));
    if (target && variable.default)
      env[variable.name] = variable.default.replace(/^(\w+:\/\/)[^/]*/, (_, scheme: string) =>
        scheme.startsWith('http')
          ? `\${services.${target.key}.url}`
          : `${scheme}\${services.${target.key}.host}:${target.port?.value}`,
      );
    else if (database && /^(POSTGRES|PG|DB|DATABASE)_?(HOST|SERVER)$/.test(variable.name))
      env[variable.name] = '${database.host}';
    else if (variable.required && variable.default !== undefined)
      env[variable.name] = literal(variable.default);
  }
  return Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function secretsDraft(env: EnvVariable[], database: DetectedDatabase | undefined): unknown[] {
  return env
    .filter(({ secret }) => secret)
    .map(({ name, required }) => {
      if (database && name === database.urlEnv?.value) return { name, from: 'database' };
      return required ? name : { name, optional: true };
    });
}

export function dependencies(
  service: DetectedService,
  beside: ThirdPartyService[],
  database: DetectedDatabase | undefined,
): string[] {
  const named = beside
    .filter(other => service.env.some(({ default: fallback }) => isThirdPartyUrl(fallback, other)))
    .map(({ key }) => key);
  return [...(database && service.usesDatabase?.value === 'postgres' ? ['db'] : []), ...named];
}
