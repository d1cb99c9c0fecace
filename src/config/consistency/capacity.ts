import type { Config, ServiceConfig } from '../schema/config.ts';
import { formatSize } from '../schema/scalars.ts';
import type { Contradiction } from './contradiction.ts';

/** Parts that are larger than their whole, and ranges that end before they begin. */
export function capacityProblems(config: Config): Contradiction[] {
  const { cloudrun } = config.targets;
  return [
    ...Object.entries(config.services).flatMap(([name, service]) => ownCapacity(['services', name], service)),
    ...(cloudrun && cloudrun.min > cloudrun.max
      ? [range(['targets', 'cloudrun', 'max'], cloudrun.min, cloudrun.max)]
      : []),
  ];
}

function ownCapacity(
  path: readonly string[],
  { scale, resources, workers, language }: ServiceConfig,
): Contradiction[] {
  const problems: Contradiction[] = [];
  if ('min' in scale && scale.min > scale.max)
    problems.push(range([...path, 'scale', 'max'], scale.min, scale.max));
  for (const kind of ['cpu', 'memory'] as const) {
    const { request, limit } = resources[kind];
    if (request !== undefined && limit !== undefined && request > limit)
      problems.push({
        path: [...path, 'resources', kind, 'request'],
        message: `no more than its limit can be set aside (resources.${kind}.limit is ${shown(kind, limit)})`,
        value: shown(kind, request),
      });
  }
  const memory = resources.memory.limit;
  if (language === 'python' && memory !== undefined && workers.memory > memory)
    problems.push({
      path: [...path, 'workers', 'memory'],
      message: `not one worker fits into resources.memory.limit, ${formatSize(memory)}`,
      value: formatSize(workers.memory),
    });
  return problems;
}

const range = (path: string[], min: number, max: number): Contradiction => ({
  path,
  message: `must be at least min, which is ${min}`,
  value: String(max),
});

const shown = (kind: 'cpu' | 'memory', amount: number) =>
  kind === 'cpu' ? `${amount}m` : formatSize(amount);
