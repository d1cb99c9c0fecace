import type { Answer } from '../../../platforms/answer.ts';
import { isOfPlatform, refusal } from '../../../platforms/kubernetes/refusal.ts';
import { hindranceOf } from './patience.ts';
import { below, CORE, type Place } from './place.ts';
import type { Rollout } from './rollout.ts';

/**
 * A StatefulSet waits for a broken pod to become ready before it replaces it, for ever, also on the way back.
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
export async function removeStuck(
  place: Place,
  { controller, former }: Rollout,
  signal: AbortSignal,
): Promise<Answer<void>> {
  if (controller.kind !== 'StatefulSet') return { value: undefined };
  const { observedGeneration = 0 } = controller.status ?? {};
  // Until it has seen the new template it takes the old pods for the right ones.
  if (observedGeneration < (controller.metadata?.generation ?? 0)) return { value: undefined };
  for (const { metadata } of former.filter(pod => hindranceOf(pod) !== undefined)) {
    const path = below(place, CORE, 'pods', metadata?.name ?? '');
    const body = { preconditions: { uid: metadata?.uid } };
    const { value, obstacle } = await place.cluster.send({ method: 'DELETE', path, body }, signal);
    if (obstacle) return { obstacle };
    if (isOfPlatform(value)) return { obstacle: refusal(path, value) };
  }
  return { value: undefined };
}
