import type { Model, Service } from '../../model/model.ts';
import { gpuResource } from './resources.ts';

/** Nodes with GPUs keep others away by a taint, and GKE names the model by a label. */
export function gpuNodes(model: Model, { capacity: { gpu } }: Service): object {
  if (!gpu) return {};
  const { gke } = model.targets.kubernetes ?? {};
  return {
    tolerations: [{ key: gpuResource(gpu), operator: 'Exists', effect: 'NoSchedule' }],
    nodeSelector: gke && gpu.type ? { 'cloud.google.com/gke-accelerator': gpu.type } : undefined,
  };
}
