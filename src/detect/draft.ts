import type {
  DetectedDatabase,
  DetectedService,
  Detection,
  EnvVariable,
  ThirdPartyService,
} from './detection.ts';
import { isPinned, isThirdPartyUrl, thirdPartyHealth } from './thirdparty.ts';

export type Draft = Record<string, unknown>;

/**
 * A draft of aideploy.yaml as plain data, with its keys in the order that a reader expects. It holds what was found
 * and differs from a default, or what the program needs to be told; questions that only the author can answer
 * (registry, domain, targets) are left open. Secrets are names.
 */
export function toConfig(detection: Detection): Draft {
  const { name, services, thirdParty, database, domain, registry } = detection;
  const beside = thirdParty.filter(({ image }) => isPinned(image.value));
  const served = services.filter(({ kind }) => kind.value === 'http');
  return {
    version: 1,
    name: name.value,
    ...(domain ? { domain: domain.value } : {}),
    ...(registry ? { image: { registry: registry.value } } : {}),
    services: {
      ...Object.fromEntries(
        services.map(service => [service.key, serviceDraft(service, beside, database, served.length === 1)]),
      ),
      ...Object.fromEntries(beside.map(service => [service.key, thirdPartyDraft(service)])),
    },
    ...(database ? { database: databaseDraft(database, name.value, services) } : {}),
  };
}

function serviceDraft(
  service: DetectedService,
  beside: ThirdPartyService[],
  database: DetectedDatabase | undefined,
  alone: boolean,
): Draft {
  const { kind, language, version, port, health, stream, user, cors, limits, schedule, command, portFlag } =
    service;
  const isHttp = kind.value === 'http';
  const secrets = secretsDraft(service.env, database);
  const dependsOn = dependencies(service, beside, database);
  const environment = environmentDraft(service, beside);
  const timeouts = timeoutsDraft(service);
  const paths = {
    live: health.live?.value,
    ready: health.ready?.value,
    startup: health.startup?.value,
    deep: health.deep?.value,
    command: health.command?.value,
  };
  return {
    language,
    ...(version ? { version: version.value } : {}),
    build: buildDraft(service),
    ...(portFlag ? { args: [portFlag.value.name, portFlag.value.form] } : {}),
    ...(isHttp ? {} : { kind: kind.value }),
    ...(schedule ? { schedule: schedule.value } : {}),
    ...(command && !isHttp ? { command: command.value } : {}),
    ...(isHttp && port ? { port: port.value } : {}),
    ...metricsDraft(service),
    ...grpcDraft(service),
    // Where nothing stands in, the routes are those that the note proposes to add.
    ...(isHttp
      ? {
          health: defined({
            ...paths,
            live: paths.live ?? '/health/live',
            ready: paths.ready ?? paths.live ?? '/health/ready',
          }),
        }
      : {}),
    ...(isHttp && stream ? { stream: stream.value } : {}),
    ...(Object.keys(timeouts).length > 0 ? { timeouts } : {}),
    ...(isHttp && limits.body ? { limits: { body: limits.body.value } } : {}),
    ...(Object.keys(environment).length > 0 ? { env: environment } : {}),
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(cors ? { cors: cors.value } : {}),
    ...(user ? { user: user.value } : {}),
    ...(dependsOn.length > 0 ? { dependsOn } : {}),
    ...(service.egress.length > 0 ? { egress: service.egress.map(({ value }) => value) } : {}),
    ...(isHttp && alone ? { public: true } : {}),
  };
}

function buildDraft({ build }: DetectedService): Draft {
  return defined({
    context: build.context === '.' ? undefined : build.context,
    main: build.main.value,
    binaries: build.binaries.length > 0 ? build.binaries.map(({ value }) => value) : undefined,
    manifest: build.manifest?.value,
    script: build.script?.value,
    factory: build.factory ? true : undefined,
    interface: build.interface === 'wsgi' ? 'wsgi' : undefined,
    appDir: build.sourceRoot,
  });
}

function metricsDraft({ metrics, port }: DetectedService): Draft {
  if (!metrics) return {};
  const own =
    metrics.value.port !== undefined && metrics.value.port !== port?.value ? metrics.value.port : undefined;
  return { metrics: defined({ port: own, path: metrics.value.path }) };
}

function grpcDraft({ grpc }: DetectedService): Draft {
  return grpc?.value.port === undefined
    ? {}
    : { grpc: defined({ port: grpc.value.port, service: grpc.value.service }) };
}

function timeoutsDraft({ kind, timeouts }: DetectedService): Draft {
  const isHttp = kind.value === 'http';
  const request = isHttp ? timeouts.request?.value : undefined;
  const llm =
    timeouts.llm && seconds(timeouts.llm.value) < seconds(request ?? '60s') ? timeouts.llm.value : undefined;
  return defined({ request, llm: isHttp ? llm : undefined, drain: timeouts.drain?.value });
}

export function seconds(duration: string): number {
  const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };
  return [...duration.matchAll(/(\d+)(ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? 's'] ?? 1),
    0,
  );
}

/** Variables that must agree with the file, and those that have to be given for the program to start. */
function environmentDraft(service: DetectedService, beside: ThirdPartyService[]): Record<string, string> {
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
    else if (variable.required && variable.default !== undefined)
      env[variable.name] = variable.default.replace(/\$\{/g, '$${');
  }
  return Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function secretsDraft(env: EnvVariable[], database: DetectedDatabase | undefined): unknown[] {
  return env
    .filter(({ secret }) => secret)
    .map(({ name, required }) => {
      if (database && name === database.urlEnv?.value) return { name, from: 'database' };
      return required ? name : { name, optional: true };
    });
}

function dependencies(
  service: DetectedService,
  beside: ThirdPartyService[],
  database: DetectedDatabase | undefined,
): string[] {
  const named = beside
    .filter(other => service.env.some(({ default: fallback }) => isThirdPartyUrl(fallback, other)))
    .map(({ key }) => key);
  return [...(database && service.usesDatabase?.value === 'postgres' ? ['db'] : []), ...named];
}

function thirdPartyDraft({ image, port, env, volumes }: ThirdPartyService): Draft {
  const health = thirdPartyHealth(image.value);
  return {
    image: image.value,
    ...(port ? { port: port.value } : { kind: 'worker' }),
    ...(health && port ? { health } : {}),
    ...(Object.keys(env).length > 0
      ? {
          env: Object.fromEntries(
            Object.entries(env).map(([key, value]) => [key, value.replace(/\$\{/g, '$${')]),
          ),
        }
      : {}),
    ...(volumes.length > 0 ? { volumes } : {}),
  };
}

function databaseDraft(database: DetectedDatabase, name: string, services: DetectedService[]): Draft {
  const base = name.replace(/-/g, '_');
  const { migrations } = database;
  const owner = services
    .flatMap(({ env }) => env)
    .find(
      ({ name, secret }) =>
        secret &&
        /(OWNER|ADMIN|MIGRAT\w*)_(DATABASE_)?(URL|DSN)$|DATABASE_(OWNER|ADMIN|MIGRATION)_URL$/.test(name),
    );
  const byCommand = migrations?.run === 'command' && migrations.command;
  return {
    engine: 'postgres',
    ...(database.version ? { version: database.version.value } : {}),
    name: database.name?.value ?? base,
    user: database.user?.value ?? `${base}_app`,
    ...(migrations && (byCommand || migrations.run === 'server')
      ? {
          migrations: defined({
            table: migrations.table,
            run: migrations.run,
            command: byCommand || undefined,
            secret: owner?.name,
          }),
        }
      : {}),
  };
}

function defined(values: Record<string, unknown>): Draft {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
