import { type BuiltService, isBuilt, type Model, type Service } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { interpolated } from '../../render/engine.ts';
import { dockerfilePath } from '../dockerfile-path.ts';
import { selfCheck } from '../self-check.ts';
import { environmentOf, secretNames, type Variable } from './environment.ts';
import { HOST_GATEWAY, isOnThisHost, tagOf, textValue, type Value } from './place.ts';

export type Stage = 'development' | 'production';

/** One entry under `services:`. A template reads every field, so none is left out. */
export interface Entry {
  readonly key: string;
  readonly notes: readonly string[];
  readonly profiles: readonly string[] | undefined;
  readonly image: Value;
  readonly build: object | undefined;
  readonly user: string | undefined;
  readonly init: boolean;
  readonly entrypoint: readonly Value[] | undefined;
  readonly command: readonly Value[] | undefined;
  readonly environment: Readonly<Record<string, Variable>> | undefined;
  readonly secrets: readonly string[] | undefined;
  readonly ports: readonly string[] | undefined;
  readonly volumes: readonly (string | object)[] | undefined;
  readonly extraHosts: readonly string[] | undefined;
  readonly dependsOn: object | undefined;
  readonly healthcheck: object | undefined;
  readonly stop: string;
  readonly restart: string;
  readonly tmpfs: readonly string[];
  readonly capabilities: readonly string[] | undefined;
  readonly replicas: number;
  readonly limits: Limits;
  readonly devices: readonly object[] | undefined;
}

export interface Limits {
  readonly cpus: string;
  readonly memory: string;
  readonly reserved: string;
  readonly pids: number;
}

/** More threads than any server here starts, and few enough to stop a fork bomb. */
export const PIDS = 1024;

export function serviceEntry(model: Model, service: Service, stage: Stage): Entry {
  const check = selfCheck(service);
  const words = (texts: Service['args']) => texts.map(text => textValue(text, model, service));
  return {
    key: service.key,
    notes: notesOf(service, check),
    profiles: service.kind === 'job' ? ['jobs'] : undefined,
    image: imageOf(model, service, stage),
    build: stage === 'development' && isBuilt(service) ? buildOf(model, service) : undefined,
    user: `${service.user.uid}:${service.user.gid}`,
    init: isBuilt(service) && service.source.language !== 'go',
    entrypoint: service.command && words(service.command),
    command: service.args.length > 0 ? words(service.args) : undefined,
    environment: filled(environmentOf(model, service)),
    secrets: nonEmpty(secretNames(model, service)),
    ports: nonEmpty(portsOf(model, service, stage)),
    volumes: nonEmpty([
      ...service.volumes.map(volume => ({
        type: 'volume',
        source: `${service.key}-${volume.name}`,
        target: volume.path,
      })),
      ...service.files.map(file => ({
        type: 'bind',
        source: `./${file.source.replace(/^\.\//, '')}`,
        target: file.path,
        read_only: true,
      })),
    ]),
    extraHosts:
      service.dependsOn.database && isOnThisHost(model.database)
        ? [`${HOST_GATEWAY}:host-gateway`]
        : undefined,
    dependsOn: filled(dependenciesOf(model, service)),
    healthcheck: check && healthcheckOf(service, check),
    stop: seconds(service.timing.stop),
    restart: service.kind === 'job' ? 'no' : 'unless-stopped',
    tmpfs: ['/tmp'],
    capabilities: undefined,
    replicas: replicasOf(service),
    limits: {
      cpus: String(service.capacity.cpu.limit / 1_000),
      memory: bytes(service.capacity.memory.limit),
      reserved: bytes(service.capacity.memory.request),
      pids: PIDS,
    },
    devices: devicesOf(service),
  };
}

function notesOf(service: Service, check: readonly string[] | undefined): string[] {
  const notes: string[] = [];
  if (service.health && !check)
    notes.push(
      'No health check: this image holds no client that could ask. Set health.command if the program can check itself.',
    );
  if (service.timing.streamsOutliveDrain)
    notes.push(
      `A stop ends streams that are still open after ${seconds(service.timing.drain)}, with a last event.`,
    );
  if (service.kind === 'job')
    notes.push(
      `Run it with: docker compose -f <file> run --rm ${service.key}${service.schedule ? ` (schedule: ${service.schedule})` : ''}`,
    );
  return notes;
}

function imageOf(model: Model, service: Service, stage: Stage): Value {
  if (!isBuilt(service)) return service.source.kind === 'image' ? service.source.image : '';
  return stage === 'development'
    ? `${service.unit}:dev`
    : interpolated`${service.source.repository}:${tagOf(model)}`;
}

function buildOf(model: Model, service: BuiltService): object {
  const { context } = service.source;
  const up = context === '.' ? '' : '../'.repeat(context.split('/').length);
  const dockerfile = `${up}${dockerfilePath(model, service)}`;
  return { context: context === '.' ? '.' : `./${context}`, dockerfile };
}

/** Loopback only. In production just what the proxy or a local scraper reaches. */
function portsOf(model: Model, service: Service, stage: Stage): string[] {
  const built = model.services.filter(isBuilt).filter(({ kind }) => kind === 'http');
  const reached =
    stage === 'development' ||
    (isBuilt(service) &&
      (service.publicPath !== undefined || built.every(({ publicPath }) => publicPath === undefined)));
  if (!reached) return [];
  const ports = new Set(
    [service.port, service.grpc?.port, service.metrics?.port].filter(port => port !== undefined),
  );
  // Copies of one service cannot share a port of the host, so Docker chooses one for each.
  const one = stage === 'development' || replicasOf(service) === 1;
  return [...ports].map(port => (one ? `127.0.0.1:${port}:${port}` : `127.0.0.1::${port}`));
}

const replicasOf = ({ capacity, kind }: Service): number =>
  kind !== 'job' && capacity.scale.kind === 'fixed' ? capacity.scale.replicas : 1;

function dependenciesOf(model: Model, service: Service): Record<string, object> {
  const entries: [string, object][] = [];
  for (const key of service.dependsOn.services) {
    const other = model.services.find(candidate => candidate.key === key);
    if (!other || other.kind === 'job') continue;
    entries.push([key, { condition: selfCheck(other) ? 'service_healthy' : 'service_started' }]);
  }
  if (service.dependsOn.database && model.database?.host === undefined)
    entries.push(['db', { condition: 'service_healthy' }]);
  if (service.dependsOn.database && model.database?.migrations?.run === 'command')
    entries.push(['migrate', { condition: 'service_completed_successfully' }]);
  if (!isBuilt(service) && service.volumes.length > 0)
    entries.push([`${service.key}-volumes`, { condition: 'service_completed_successfully' }]);
  return Object.fromEntries(entries);
}

function healthcheckOf({ health, timing }: Service, check: readonly string[]): object | undefined {
  if (!health) return undefined;
  return {
    test: ['CMD', ...check],
    interval: seconds(health.live.period),
    timeout: seconds(health.live.timeout),
    retries: health.live.failures,
    start_period: seconds(timing.startup),
  };
}

function devicesOf({ capacity: { gpu } }: Service): object[] | undefined {
  return gpu && [{ driver: 'nvidia', count: gpu.count, capabilities: ['gpu'] }];
}

/** Docker reads `512m` and `1g` in powers of two; what is no whole MiB is given in bytes. */
export function bytes(count: number): string {
  return count % 2 ** 20 === 0 ? `${count / 2 ** 20}m` : `${count}b`;
}

export const nonEmpty = <T>(list: readonly T[]): readonly T[] | undefined =>
  list.length > 0 ? list : undefined;

export const filled = <T extends object>(mapping: T): T | undefined =>
  Object.keys(mapping).length > 0 ? mapping : undefined;
