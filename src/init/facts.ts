import type { DetectedService, Detection, Finding } from '../detect/detection.ts';

/** One thing that was read from the repository, as it is shown to a person. */
export interface Fact {
  /** Where it stands in aideploy.yaml, steps parted by `/`; undefined where it has no one place. */
  readonly path: string | undefined;
  readonly label: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
  readonly likely: boolean;
}

export function factsOf(detection: Detection): Fact[] {
  return [
    ...fact('name', 'name', detection.name),
    ...fact('domain', 'domain', detection.domain),
    ...fact('image/registry', 'registry', detection.registry),
    ...detection.services.flatMap(serviceFacts),
    ...detection.thirdParty.flatMap(service =>
      fact(`services/${service.key}/image`, `${service.key}: image`, service.image),
    ),
    ...fact('database', 'database', detection.database?.engine),
  ];
}

function serviceFacts(service: DetectedService): Fact[] {
  const of = <T>(key: string | undefined, label: string, finding: Finding<T> | undefined) =>
    fact(key && `services/${service.key}/${key}`, `${service.key}: ${label}`, finding);
  const { health, timeouts } = service;
  return [
    ...of('build/main', 'program', service.build.main),
    ...of(undefined, 'framework', service.framework),
    ...of('kind', 'kind', service.kind),
    ...of('version', `${service.language} version`, service.version),
    ...of('build/manifest', 'dependencies', service.build.lockfile ?? service.build.manifest),
    ...service.build.binaries.flatMap(binary => of(undefined, 'further program', binary)),
    ...of('port', 'port', service.port),
    ...of('metrics', 'metrics', service.metrics),
    ...of('grpc', 'gRPC', service.grpc),
    ...of('health', 'live', health.live),
    ...of(undefined, 'ready', health.ready),
    ...of(undefined, 'startup', health.startup),
    ...of(undefined, 'deep health', health.deep),
    ...of(undefined, 'self-check', health.command),
    ...of('stream', 'stream', service.stream),
    ...of('timeouts', 'request timeout', timeouts.request),
    ...of(undefined, 'model timeout', timeouts.llm),
    ...of(undefined, 'drain', timeouts.drain),
    ...of('limits', 'body limit', service.limits.body),
    ...of(
      'egress',
      'calls',
      service.egress[0] && { ...service.egress[0], value: service.egress.map(host => host.value).join(', ') },
    ),
    ...of('cors', 'CORS', service.cors),
    ...of(undefined, 'database', service.usesDatabase),
    ...variableFacts(service),
  ];
}

/** Secrets and what must be set are named; variables with defaults are many, and only counted. */
function variableFacts({ key, env }: DetectedService): Fact[] {
  const secret = env.filter(variable => variable.secret);
  const required = env.filter(variable => variable.required && !variable.secret);
  const others = env.filter(variable => !variable.secret && !variable.required);
  return [
    ...variables(`${key}: secrets`, secret, named(secret)),
    ...variables(`${key}: must be set`, required, named(required)),
    ...variables(
      `${key}: has defaults for`,
      others,
      `${others.length} ${others.length === 1 ? 'variable' : 'variables'}`,
    ),
  ];
}

const named = (list: DetectedService['env']) => list.map(variable => variable.name).join(', ');

function variables(label: string, list: DetectedService['env'], value: string): Fact[] {
  const [evidence] = list[0]?.evidence ?? [];
  return evidence
    ? [{ path: undefined, label, value, file: evidence.file, line: evidence.line, likely: false }]
    : [];
}

function fact<T>(path: string | undefined, label: string, finding: Finding<T> | undefined): Fact[] {
  const [evidence] = finding?.evidence ?? [];
  if (!finding || !evidence) return [];
  const likely = finding.confidence === 'likely';
  return [{ path, label, value: said(finding.value), file: evidence.file, line: evidence.line, likely }];
}

function said(value: unknown): string {
  if (Array.isArray(value)) return value.map(said).join(' ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value)
    .filter(inner => inner !== undefined && (typeof inner !== 'object' || Array.isArray(inner)))
    .map(said)
    .join(' ');
}
