import { formatSize } from '../../config/schema/scalars.ts';
import { type Model, type Service, servicesOf } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';

/** A line of the table of services. */
export const serviceRow = (service: Service): object => ({
  unit: service.unit,
  kind: service.kind,
  ports:
    [
      service.port && `${service.port} HTTP`,
      service.grpc && `${service.grpc.port} gRPC`,
      service.metrics && `${service.metrics.port}${service.metrics.path} metrics`,
      ...Object.entries(service.ports).map(([name, port]) => `${port} ${name}`),
    ]
      .filter(Boolean)
      .join(', ') || 'none',
  health: [service.health?.live.path, service.health?.ready.path, service.health?.deep].filter(
    path => path !== undefined,
  ),
  user: `${service.user.uid}:${service.user.gid}`,
});

/** A line of the table of times. */
export const timeRow = ({ unit, timing, stream }: Service): object => ({
  unit,
  request: seconds(timing.request),
  stream: stream ? seconds(stream.maxDuration) : 'none',
  llm: seconds(timing.llm),
  drain: seconds(timing.drain),
  stop: seconds(timing.stop),
  grace: seconds(timing.grace),
});

/** A line of the table of sizes. */
export const sizeRow = (model: Model, service: Service): object => {
  const { unit, capacity, limits } = service;
  const { cpu, memory, scale, disk } = capacity;
  return {
    unit,
    cpu: `${cpu.request / 1_000} to ${cpu.limit / 1_000}`,
    memory: `${formatSize(memory.request)} to ${formatSize(memory.limit)}`,
    disk: disk === undefined ? 'any' : formatSize(disk),
    copies: scale.kind === 'fixed' ? String(scale.replicas) : `${scale.min} to ${scale.max}`,
    workers: processesOf(model, service),
    concurrency: limits.concurrency === undefined ? 'not limited' : String(limits.concurrency),
  };
};

/** gunicorn has workers wherever it serves; uvicorn, in containers, is one process, since platforms scale those. */
function processesOf(model: Model, service: Service): string {
  const { source, kind, capacity } = service;
  if (source.kind !== 'built' || source.language !== 'python' || kind !== 'http') return '1';
  const { count, boundByMemory } = capacity.workers;
  const several = `${count}${boundByMemory ? ' (all that the memory holds)' : ''}`;
  const onHost = model.targets.systemd !== undefined && servicesOf(model, 'systemd').includes(service);
  const inContainers = model.targets.compose ?? model.targets.kubernetes ?? model.targets.cloudrun;
  if (source.interface === 'wsgi' || (onHost && !inContainers)) return several;
  return onHost ? `1 in a container, ${several} on a host` : '1';
}

/** What a stop does to streams, in a sentence. */
export const streamNotes = (services: readonly Service[]): object[] =>
  services
    .filter(({ timing }) => timing.streamsOutliveDrain)
    .map(({ unit, timing, stream }) => ({
      unit,
      drain: seconds(timing.drain),
      longest: seconds(stream?.maxDuration ?? timing.longest),
    }));
