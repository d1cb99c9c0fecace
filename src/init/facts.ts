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
    ...service.env.flatMap(variable => variableFacts(service.key, variable)),
  ];
}

function variableFacts(key: string, variable: DetectedService['env'][number]): Fact[] {
  const [evidence] = variable.evidence;
  if (!evidence) return [];
  const standing = variable.secret
    ? 'secret'
    : variable.required
      ? 'required'
      : variable.default === undefined
        ? 'optional'
        : `default ${variable.default}`;
  return [
    {
      path: variable.secret ? undefined : `services/${key}/env/${variable.name}`,
      label: `${key}: variable`,
      value: `${variable.name} (${standing})`,
      file: evidence.file,
      line: evidence.line,
      likely: false,
    },
  ];
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
