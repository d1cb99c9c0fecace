import { fewestReplicas } from '../../model/cluster.ts';
import type { Service } from '../../model/model.ts';

/** CPU says nothing of a GPU's load, so nothing scales by it there. */
export const isScaled = ({ kind, capacity: { scale, gpu } }: Service): boolean =>
  kind !== 'job' && scale.kind === 'auto' && !gpu;

export const mostReplicas = (service: Service): number => {
  const { scale } = service.capacity;
  return scale.kind === 'auto' && isScaled(service) ? scale.max : fewestReplicas(service);
};
