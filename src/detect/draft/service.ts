import type { DetectedDatabase, DetectedService, ThirdPartyService } from '../detection.ts';
import { type Draft, defined } from './values.ts';
import { dependencies, environmentDraft, secretsDraft } from './variables.ts';

/** What one service is drafted in. */
export interface Around {
  beside: ThirdPartyService[];
  database: DetectedDatabase | undefined;
  /** The only service that serves HTTP gets the domain. */
  alone: boolean;
  /** The name that the unit will have. */
  unit: string;
}

export function serviceDraft(service: DetectedService, { beside, database, alone, unit }: Around): Draft {
  const { kind, language, version, port, health, stream, user, cors, limits, schedule, command, portFlag } =
    service;
  const isHttp = kind.value === 'http';
  const secrets = secretsDraft(service.env, database);
  const dependsOn = dependencies(service, beside, database);
  const environment = environmentDraft(service, beside, database);
  const timeouts = timeoutsDraft(service);
  const paths = {
    live: health.live?.value,
    ready: health.ready?.value,
    startup: health.startup?.value,
    deep: health.deep?.value,
    command: onProgram(health.command?.value, service, unit),
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

/** The package at the top is built under the unit's name, which only the whole configuration tells. */
function onProgram(
  command: string[] | undefined,
  { build, language }: DetectedService,
  unit: string,
): string[] | undefined {
  return command && language === 'go' && build.main.value === '.'
    ? [`/${unit}`, ...command.slice(1)]
    : command;
}

export function seconds(duration: string): number {
  const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };
  return [...duration.matchAll(/(\d+)(ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? 's'] ?? 1),
    0,
  );
}
