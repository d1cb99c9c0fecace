import type { V1CronJob } from '@kubernetes/client-node';
import { backsUp, backupName, migrating, migrationName, ownDatabase } from '../../../model/companions.ts';
import type { Answer } from '../../../platforms/answer.ts';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import type { Release } from '../../release.ts';
import type { Control, StepEnd } from '../../strategy.ts';
import { runJob } from './job.ts';
import { below, type Place } from './place.ts';

type CronJob = KubeObject & Pick<V1CronJob, 'spec'>;

const cronJobIn = (objects: readonly KubeObject[], name: string): CronJob | undefined =>
  objects.find(({ kind, metadata }) => kind === 'CronJob' && metadata.name === name);

/** What has to be there before a service starts, and before its migrations do. */
export const isOfDatabase = ({ metadata }: KubeObject): boolean =>
  ['database', 'migrations'].includes(metadata.labels?.['app.kubernetes.io/component'] ?? '') &&
  metadata.labels?.['app.kubernetes.io/name'] !== undefined;

export const hasDatabase = ({ model }: Place): boolean => ownDatabase(model) !== undefined;
export const hasMigrations = ({ model }: Place): boolean => migrating(model) !== undefined;

/** By content: the same release again has the same migrations, and another one never has its name. */
export const migrationJob = (place: Place, { content }: Release): string =>
  `${migrationName(place.model)}-${content.slice(0, 10)}`;

export async function migrate(
  place: Place,
  objects: readonly KubeObject[],
  release: Release,
  control: Control,
): Promise<StepEnd> {
  const template = cronJobIn(objects, migrationName(place.model));
  if (!template) return { status: 'done', note: 'the release has none' };
  const errand = { name: migrationJob(place, release), failed: 'the migration failed', once: true };
  return runJob(place, template, errand, control);
}

export const backsUpHere = ({ model }: Place): boolean => backsUp(model) && ownDatabase(model) !== undefined;

/** By what runs, whose scripts are there: those of the new release come later. */
export async function liveBackup(place: Place, signal: AbortSignal): Promise<Answer<CronJob | undefined>> {
  const path = below(place, 'apis/batch/v1', 'cronjobs', backupName(place.model));
  return place.cluster.get<CronJob>(path, signal);
}

export async function backUp(place: Place, release: Release, control: Control): Promise<StepEnd> {
  const { value, obstacle } = await liveBackup(place, control.signal);
  if (obstacle) return { status: 'obstructed', obstacle };
  if (!value) return { status: 'done', note: 'there is nothing to back up yet' };
  const name = `${backupName(place.model)}-${release.content.slice(0, 10)}`;
  const errand = { name, failed: 'the backup failed', once: false };
  return runJob(place, withReason(value), errand, control);
}

/** `backup.sh --reason schedule` keeps fewer of those that nobody asked for. */
function withReason(cronJob: CronJob): CronJob {
  const copy = structuredClone(cronJob);
  for (const container of copy.spec?.jobTemplate?.spec?.template.spec?.containers ?? [])
    container.command =
      container.command?.map((word, index, all) => (all[index - 1] === '--reason' ? 'pre-deploy' : word)) ??
      [];
  return copy;
}
