import { createHash } from 'node:crypto';
import type { V1CronJob } from '@kubernetes/client-node';
import { backupRole } from '../../../model/backup.ts';
import { backupName, migrationName } from '../../../model/companions.ts';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import { isOfPlatform, refusal } from '../../../platforms/kubernetes/refusal.ts';
import { selecting } from '../../../platforms/kubernetes/standing.ts';
import type { Control, Step, StepEnd } from '../../strategy.ts';
import { liveBackup } from './database.ts';
import { runJob } from './job.ts';
import { below, type Place } from './place.ts';

type CronJob = KubeObject & Pick<V1CronJob, 'spec'>;

/**
 * restore.sh comes as the superuser, and takes its safety dump as the role of backups: libpq finds both passwords in a
 * file that nobody else may read. https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
const SCRIPT = `set -eu
umask 077
line() { printf '*:*:*:%s:%s\\n' "$1" "$(printf %s "$2" | sed 's/[\\\\:]/\\\\&/g')"; }
{ line postgres "$DATABASE_ADMIN_PASSWORD"; line "$1" "$PGPASSWORD"; } >/tmp/pgpass
unset PGPASSWORD DATABASE_ADMIN_PASSWORD
export PGPASSFILE=/tmp/pgpass
exec bash /opt/backup/restore.sh "$2" --yes`;

export const restoring = (place: Place, backup: string): readonly Step[] => [
  {
    title: `restore the backup ${backup}, after a dump of the database as it is`,
    command: undefined,
    perform: control => restore(place, backup, control),
  },
  {
    title: 'forget which migrations ran, since the database is of a time before them',
    command: `kubectl --namespace ${place.namespace} delete jobs --selector app.kubernetes.io/name=${migrationName(place.model)}`,
    perform: control => forgetMigrations(place, control),
  },
];

async function restore(place: Place, backup: string, control: Control): Promise<StepEnd> {
  const { value, obstacle } = await liveBackup(place, control.signal);
  if (obstacle) return { status: 'obstructed', obstacle };
  if (!value || !place.model.database)
    return { status: 'failed', cause: `there is no CronJob ${backupName(place.model)} that keeps backups` };
  const named = createHash('sha256').update(backup).digest('hex').slice(0, 10);
  const name = `${backupName(place.model)}-restore-${named}`;
  const errand = { name, failed: 'the restore failed', once: false };
  return runJob(place, asRestore(value, backupRole(place.model.database), backup), errand, control);
}

/** The pod of the backups, whose volume and scripts it needs, with the superuser's password beside theirs. */
export function asRestore(cronJob: CronJob, role: string, backup: string): CronJob {
  const copy = structuredClone(cronJob);
  const job = copy.spec?.jobTemplate.spec;
  // What a restore that failed left behind is for a person to see.
  if (job) job.backoffLimit = 0;
  const pod = job?.template.spec;
  for (const container of pod?.containers ?? []) {
    const key = container.env?.find(({ name }) => name === 'PGPASSWORD')?.valueFrom?.secretKeyRef;
    container.command = ['bash', '-c', SCRIPT, 'restore', role, backup];
    if (key)
      container.env?.push({
        name: 'DATABASE_ADMIN_PASSWORD',
        valueFrom: { secretKeyRef: { ...key, key: 'DATABASE_ADMIN_PASSWORD' } },
      });
  }
  return copy;
}

async function forgetMigrations(place: Place, { signal }: Control): Promise<StepEnd> {
  const jobs = below(place, 'apis/batch/v1', 'jobs');
  const path = `${jobs}?${selecting({ 'app.kubernetes.io/name': migrationName(place.model) })}`;
  const request = { method: 'DELETE', path, body: { propagationPolicy: 'Background' } } as const;
  const { value, obstacle } = await place.cluster.send(request, signal);
  if (obstacle) return { status: 'obstructed', obstacle };
  if (value.status < 300) return { status: 'done' };
  return isOfPlatform(value)
    ? { status: 'obstructed', obstacle: refusal(jobs, value) }
    : { status: 'failed', cause: refusal(jobs, value).why };
}
