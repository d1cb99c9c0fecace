import { type BuiltService, isBuilt, type Model, type Service } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { interpolated } from '../../render/engine.ts';
import { dockerfilePath } from '../dockerfile-path.ts';
import { selfCheck } from '../self-check.ts';
import { dependenciesOf, healthcheckOf } from './dependencies.ts';
import { type Entry, filled, nonEmpty, PIDS, type Stage } from './entry.ts';
import { environmentOf, secretNames } from './environment.ts';
import { HOST_GATEWAY, isOnThisHost, tagOf, textValue, type Value } from './place.ts';
import { portsOf, replicasOf } from './ports.ts';

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
      ...(service.grpc?.certificates
        ? [
            {
              type: 'bind',
              source: service.grpc.certificates,
              target: service.grpc.certificates,
              read_only: true,
            },
          ]
        : []),
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

function devicesOf({ capacity: { gpu } }: Service): object[] | undefined {
  return gpu && [{ driver: 'nvidia', count: gpu.count, capabilities: ['gpu'] }];
}

/** Docker reads `512m` and `1g` in powers of two; what is no whole MiB is given in bytes. */
export function bytes(count: number): string {
  return count % 2 ** 20 === 0 ? `${count / 2 ** 20}m` : `${count}b`;
}
