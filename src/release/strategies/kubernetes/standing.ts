import type { Answer } from '../../../platforms/answer.ts';
import { lastApplied, workloadsIn } from '../../../platforms/kubernetes/standing.ts';
import type { Release } from '../../release.ts';
import type { Standing } from '../../strategy.ts';
import type { Place } from './place.ts';

/** Which release the workloads were applied for; where a run was killed among them, the one it brought. */
export async function standingOf(
  { cluster, namespace, project }: Place,
  releases: readonly Release[],
  signal: AbortSignal,
): Promise<Answer<Standing>> {
  const { value: live, obstacle } = await workloadsIn(cluster, namespace, project, signal);
  if (obstacle) return { obstacle };
  const release = lastApplied(live);
  const isKnown = releases.some(({ id }) => id === release);
  return { value: { current: isKnown ? release : undefined, empty: live.length === 0 } };
}
