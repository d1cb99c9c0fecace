import type { Answer } from '../../../platforms/answer.ts';
import { type CloudRunService, describeService, secretsIn } from '../../../platforms/cloudrun/gcloud.ts';
import { type Revision, revisionsOf } from '../../../platforms/cloudrun/revisions.ts';
import type { Migration, Release, Status } from '../../release.ts';
import type { Store } from '../../store.ts';
import { BY, COMMIT, CONTENT, type Place, RELEASE } from './place.ts';

/** What deploy.sh writes at a service: revisions that were verified before the newest, the newest first. */
const VERIFIED = 'aideploy/verified';

interface Found {
  readonly unit: string;
  readonly revision: Revision;
  readonly status: Status;
}

/**
 * The record of a folder, and what Cloud Run itself knows of releases that were deployed from another one: by the
 * revisions, which hold images and versions of secrets, one can go back from anywhere. The order is that of time.
 */
export function withFound(kept: Store, place: Place, migration: Migration): Store {
  const isKept = async (id: string, signal: AbortSignal): Promise<Answer<boolean>> => {
    const { value, obstacle } = await kept.releases(signal);
    return obstacle ? { obstacle } : { value: value.some(release => release.id === id) };
  };
  return {
    ...kept,
    async releases(signal) {
      const [ours, theirs] = await Promise.all([kept.releases(signal), foundAt(place, migration, signal)]);
      if (ours.obstacle) return ours;
      if (theirs.obstacle) return theirs;
      const others = theirs.value.filter(({ id }) => ours.value.every(release => release.id !== id));
      const all = [...ours.value, ...others].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
      return { ...ours, value: all.map((release, index) => ({ ...release, sequence: index + 1 })) };
    },
    async files(id, signal) {
      const { value, obstacle } = await isKept(id, signal);
      if (obstacle) return { obstacle };
      return value ? kept.files(id, signal) : { value: [] };
    },
    async mark(id, status, signal) {
      const { value, obstacle } = await isKept(id, signal);
      if (obstacle) return { obstacle };
      return value ? kept.mark(id, status, signal) : { value: undefined };
    },
  };
}

async function foundAt(
  place: Place,
  migration: Migration,
  signal: AbortSignal,
): Promise<Answer<readonly Release[]>> {
  const answers = await Promise.all(place.units.map(unit => revisionsAt(place, unit, signal)));
  const found: Found[] = [];
  for (const { value, obstacle } of answers) {
    if (obstacle) return { obstacle };
    found.push(...value);
  }
  const ids = new Set(found.map(({ revision }) => annotation(revision, RELEASE)));
  const releases = [...ids].filter(id => id !== '');
  return {
    value: releases.map(id =>
      releaseFrom(
        id,
        found.filter(({ revision }) => annotation(revision, RELEASE) === id),
        place,
        migration,
      ),
    ),
  };
}

const annotation = ({ metadata }: Revision, name: string): string => metadata.annotations?.[name] ?? '';

async function revisionsAt(place: Place, unit: string, signal: AbortSignal): Promise<Answer<Found[]>> {
  const [service, revisions] = await Promise.all([
    describeService(place, unit, signal),
    revisionsOf(place, unit, signal),
  ]);
  if (service.obstacle) return service;
  if (revisions.obstacle) return revisions;
  return {
    value: revisions.value.map(revision => ({ unit, revision, status: statusOf(service.value, revision) })),
  };
}

/** A revision gets all the traffic by its name when it was seen to work, and not before. */
function statusOf(service: CloudRunService | undefined, { metadata: { name } }: Revision): Status {
  const pinned = service?.status?.traffic?.some(
    ({ revisionName, percent, latestRevision }) =>
      revisionName === name && percent === 100 && latestRevision !== true,
  );
  if (pinned) return 'verified';
  const former = service?.metadata.annotations?.[VERIFIED]?.split(' ') ?? [];
  return former.includes(name) ? 'superseded' : 'unverified';
}

const PROVEN: readonly Status[] = ['verified', 'superseded'];

function releaseFrom(id: string, all: readonly Found[], { units }: Place, migration: Migration): Release {
  // The newest first: one that failed was made again.
  const own = units.flatMap(unit => all.find(each => each.unit === unit) ?? []);
  const newest = own[0]?.revision;
  const said = (name: string) => (newest ? annotation(newest, name) : '');
  const isProven = own.length === units.length && own.every(({ status }) => PROVEN.includes(status));
  return {
    version: 1,
    id,
    sequence: 0,
    platform: 'cloudrun',
    environment: null,
    tag: id.replace(/\+\d+$/, ''),
    images: Object.fromEntries(
      own.map(({ unit, revision }) => [unit, revision.spec?.containers[0]?.image ?? '']),
    ),
    checksums: {},
    files: {},
    secrets: Object.fromEntries(
      own.flatMap(({ revision }) =>
        (revision.spec ? secretsIn(revision.spec) : []).map(({ name, key }) => [name, key]),
      ),
    ),
    configuration: '',
    content: said(CONTENT),
    migration,
    commit: said(COMMIT) || null,
    at: newest?.metadata.creationTimestamp ?? '',
    by: said(BY),
    previous: null,
    status: isProven
      ? own.every(({ status }) => status === 'verified')
        ? 'verified'
        : 'superseded'
      : 'unverified',
  };
}
