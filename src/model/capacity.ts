import type { ServiceConfig } from '../config/schema/config.ts';

const MIB = 2 ** 20;
const DEFAULT_MEMORY = 512 * MIB;
const DEFAULT_CPU_LIMIT = 1_000;
const DEFAULT_CPU_REQUEST = 250;
/** What the master process and the interpreter need beside the workers. */
const MASTER_MEMORY = 64 * MIB;
/** GOMEMLIMIT leaves this share for stacks, cgo and the kernel. */
const GO_HEAP_SHARE = 0.8;

export interface Capacity {
  readonly cpu: { readonly request: number; readonly limit: number };
  readonly memory: { readonly request: number; readonly limit: number };
  readonly disk: number | undefined;
  readonly gpu: ServiceConfig['resources']['gpu'];
  readonly scale: Scale;
  readonly workers: Workers;
  /** What the count follows from, for a server that counts again where it runs. */
  readonly worker: { readonly given: boolean; readonly load: WorkerLoad; readonly memory: number };
  /** GOMEMLIMIT in bytes and GOMAXPROCS: the process's share of its container, not of the host. */
  readonly goMemoryLimit: number;
  readonly goMaxProcs: number;
}

export type Scale =
  | { readonly kind: 'fixed'; readonly replicas: number }
  | {
      readonly kind: 'auto';
      readonly min: number;
      readonly max: number;
      readonly cpu: number;
      readonly memory: number | undefined;
    };

type WorkerLoad = ServiceConfig['workers']['load'];

export interface Workers {
  readonly count: number;
  /** Whether memory, not CPU, set the count. */
  readonly boundByMemory: boolean;
  readonly maxRequests: number;
  readonly jitter: number;
}

export function capacityOf(service: ServiceConfig): Capacity {
  const cpu = cpuOf(service.resources.cpu);
  const memory = memoryOf(service.resources.memory);
  return {
    cpu,
    memory,
    disk: service.resources.disk,
    gpu: service.resources.gpu,
    scale:
      'replicas' in service.scale
        ? { kind: 'fixed', replicas: service.scale.replicas }
        : { kind: 'auto', ...service.scale, memory: service.scale.memory },
    workers: workersOf(service, cpu.limit, memory.limit),
    worker: {
      given: service.workers.count !== undefined,
      load: service.workers.load,
      memory: service.workers.memory,
    },
    ...goOf(cpu.limit, memory.limit),
  };
}

/** Of a container of these sizes. */
export const goOf = (cpu: number, memory: number): Pick<Capacity, 'goMemoryLimit' | 'goMaxProcs'> => ({
  goMemoryLimit: Math.floor(memory * GO_HEAP_SHARE),
  goMaxProcs: Math.ceil(cpu / 1_000),
});

interface Amounts {
  readonly request?: number | undefined;
  readonly limit?: number | undefined;
}

/** CPU is shared: an instance gets its limit when the machine is idle, and its request always. */
function cpuOf({ request, limit }: Amounts): Capacity['cpu'] {
  const most = limit ?? Math.max(request ?? 0, DEFAULT_CPU_LIMIT);
  return { request: request ?? Math.min(DEFAULT_CPU_REQUEST, most), limit: most };
}

/** Memory is not: what is used cannot be taken back, so one amount stands for both. */
function memoryOf({ request, limit }: Amounts): Capacity['memory'] {
  const most = limit ?? Math.max(request ?? 0, DEFAULT_MEMORY);
  return { request: request ?? most, limit: most };
}

function workersOf({ workers, stream }: ServiceConfig, cpuLimit: number, memoryLimit: number): Workers {
  const cpus = cpuLimit / 1_000;
  const byLoad = {
    io: Math.floor(cpus * 2) + 1,
    cpu: Math.floor(cpus) + 1,
    mixed: Math.max(1, Math.floor(cpus * 1.5)),
  }[workers.load];
  const byMemory = Math.max(1, Math.floor((memoryLimit - MASTER_MEMORY) / workers.memory));
  // Recycling a worker cuts its streams, so it is off where there are any unless it was asked for.
  const maxRequests = workers.maxRequests ?? (stream.kind === 'none' ? 1_000 : 0);
  return {
    count: workers.count ?? Math.min(byLoad, byMemory),
    boundByMemory: workers.count === undefined && byMemory < byLoad,
    maxRequests,
    jitter: workers.jitter ?? Math.floor(maxRequests / 20),
  };
}
