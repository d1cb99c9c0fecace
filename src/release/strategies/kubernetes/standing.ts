import type { Answer } from '../../../platforms/answer.ts';
import type { Managed } from '../../../platforms/kubernetes/difference.ts';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import { MANAGER, RELEASE } from '../../../platforms/kubernetes/marks.ts';
import type { Standing } from '../../strategy.ts';
import { below, type Place, selecting } from './place.ts';

type Live = KubeObject & Managed;

const WORKLOADS = ['deployments', 'statefulsets', 'daemonsets'];

/** Which release the workloads were applied for; where a run was killed among them, the one it brought. */
export async function standingOf(place: Place, signal: AbortSignal): Promise<Answer<Standing>> {
  const live: Live[] = [];
  for (const kind of WORKLOADS) {
    const path = `${below(place, 'apis/apps/v1', kind)}?${selecting({ 'app.kubernetes.io/part-of': place.project })}`;
    const { value, obstacle } = await place.cluster.get<{ items: Live[] }>(path, signal);
    if (obstacle) return { obstacle };
    live.push(...(value?.items ?? []));
  }
  return { value: { current: lastApplied(live), empty: live.length === 0 } };
}

/** By the server's clock: it notes when we changed an object last. */
export function lastApplied(live: readonly Live[]): string | undefined {
  const applied = live.flatMap(object => {
    const release = object.metadata.annotations?.[RELEASE];
    const ours = object.metadata.managedFields?.find(
      ({ manager, operation }) => manager === MANAGER && operation === 'Apply',
    );
    return release === undefined ? [] : [{ release, time: Date.parse(ours?.time ?? '') || 0 }];
  });
  return applied.sort((a, b) => b.time - a.time)[0]?.release;
}
