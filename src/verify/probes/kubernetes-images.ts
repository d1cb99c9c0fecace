import { isBuilt } from '../../model/model.ts';
import { lookAtImages, type Wanted } from '../kubernetes/images.ts';
import { clusterSpec, workloadsOf } from '../kubernetes/workloads.ts';
import type { Probe } from '../probe.ts';

export const kubernetesImages: Probe<Wanted> = {
  id: 'kubernetes-images',
  title: 'every pod runs the same image, by digest, and the one that was asked for',
  plan: (deployment, flags) =>
    workloadsOf(deployment, flags).map(each => {
      const version = isBuilt(each.service) ? flags.expectVersion : undefined;
      return {
        ...clusterSpec(each, `images of ${each.name} in ${each.namespace}`),
        data: { ...each, version },
      };
    }),
  observe: ({ data }, { signal }) => lookAtImages(data, signal),
};
