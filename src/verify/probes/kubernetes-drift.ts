import { join } from 'node:path';
import { overlayOf } from '../../model/cluster.ts';
import { lookAtDrift, type Overlay } from '../kubernetes/drift.ts';
import { ASKING_CLUSTER } from '../kubernetes/workloads.ts';
import type { Probe } from '../probe.ts';

export const kubernetesDrift: Probe<Overlay> = {
  id: 'kubernetes-drift',
  title: 'live objects are what an apply of the rendered files would make of them',
  plan: ({ model, root = '.' }, { platform }) => {
    if (platform !== 'kubernetes' || !model?.targets.kubernetes) return [];
    const overlay = overlayOf(model);
    const data = { folder: join(root, overlay), namespace: model.namespace, project: model.name };
    return [{ name: `${overlay} against namespace ${model.namespace}`, data, timeout: 2 * ASKING_CLUSTER }];
  },
  observe: ({ data }, { signal }) => lookAtDrift(data, signal),
};
