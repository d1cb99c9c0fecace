import type { Answer } from '../../../platforms/answer.ts';
import { type CloudRunService, describeService } from '../../../platforms/cloudrun/gcloud.ts';
import { isReady, type Revision, revisionsOf } from '../../../platforms/cloudrun/revisions.ts';
import type { Seen } from '../../standing.ts';
import { type Place, RELEASE } from './place.ts';

export type Share = NonNullable<NonNullable<CloudRunService['status']>['traffic']>[number];

/** Where the traffic of a service goes; tags alone are left out. Undefined where there is no such service. */
export async function sharesOf(
  place: Place,
  unit: string,
  signal: AbortSignal,
): Promise<Answer<readonly Share[] | undefined>> {
  const { value, obstacle } = await describeService(place, unit, signal);
  if (obstacle) return { obstacle };
  return { value: value && (value.status?.traffic ?? []).filter(({ percent = 0 }) => percent > 0) };
}

/** By what the revisions that serve say of themselves. */
export async function lookAt(place: Place, unit: string, signal: AbortSignal): Promise<Answer<Seen>> {
  const shares = await sharesOf(place, unit, signal);
  if (shares.obstacle) return shares;
  const serving = new Set(shares.value?.map(({ revisionName }) => revisionName));
  if (serving.size === 0) return { value: { ids: [], empty: true } };
  const revisions = await revisionsOf(place, unit, signal);
  if (revisions.obstacle) return revisions;
  const ids = revisions.value
    .filter(({ metadata }) => serving.has(metadata.name))
    .flatMap(({ metadata }) => metadata.annotations?.[RELEASE] ?? []);
  return { value: { ids, empty: false } };
}

/** The one that can serve a release; the newest, where it was made again. */
export async function revisionOf(
  place: Place,
  unit: string,
  release: string,
  signal: AbortSignal,
): Promise<Answer<Revision | undefined>> {
  const { value, obstacle } = await revisionsOf(place, unit, signal);
  if (obstacle) return { obstacle };
  return { value: value.find(each => each.metadata.annotations?.[RELEASE] === release && isReady(each)) };
}
