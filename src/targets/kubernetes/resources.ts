import type { Service } from '../../model/model.ts';

const MIB = 2 ** 20;
/** For temporary files, where nothing else is said: enough for uploads and a model's small caches. */
const DEFAULT_DISK = 1024 * MIB;

/** What a container is promised, and what it may use. */
export function resourcesOf({ capacity }: Service): object {
  const { cpu, memory } = capacity;
  const disk = diskOf(capacity);
  const gpu = gpuOf(capacity);
  return {
    requests: {
      cpu: cores(cpu.request),
      memory: bytes(memory.request),
      // Like memory, what is used cannot be taken back.
      'ephemeral-storage': bytes(disk),
    },
    limits: { cpu: cores(cpu.limit), memory: bytes(memory.limit), 'ephemeral-storage': bytes(disk), ...gpu },
  };
}

export const diskOf = ({ disk }: Service['capacity']): number => disk ?? DEFAULT_DISK;

/** Extended resources have limits only. https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/ */
function gpuOf({ gpu }: Service['capacity']): Record<string, number> {
  return gpu ? { [gpuResource(gpu)]: gpu.count } : {};
}

export const gpuResource = ({ type }: NonNullable<Service['capacity']['gpu']>): string =>
  `${/^(?:amd|intel)/.exec(type ?? '')?.[0].replace('intel', 'gpu.intel') ?? 'nvidia'}.com/gpu`;

export const cores = (millicores: number): string =>
  millicores % 1_000 === 0 ? String(millicores / 1_000) : `${millicores}m`;

const UNITS = ['Ti', 'T', 'Gi', 'G', 'Mi', 'M', 'Ki', 'k'] as const;
const WORTH = { Ti: 2 ** 40, T: 1e12, Gi: 2 ** 30, G: 1e9, Mi: 2 ** 20, M: 1e6, Ki: 2 ** 10, k: 1e3 };

/** In the largest unit that divides it. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function bytes(count: number): string {
  const unit = UNITS.find(each => count % WORTH[each] === 0);
  return unit === undefined ? String(count) : `${count / WORTH[unit]}${unit}`;
}
