import { hostOf } from './host.ts';
import type { Database, Model } from './model.ts';

/** Where backups are made and with what; database, backup, monitoring, the runbook and deploys agree by it. */
export interface Backup {
  readonly database: Database;
  /** The role that may read everything and change nothing. */
  readonly role: string;
  /** host: the client's programs reach the server; compose: they run inside of the container `db`. */
  readonly via: 'host' | 'compose';
  /** Undefined: on the machine itself. */
  readonly host: string | undefined;
  readonly rootCertificate: string | undefined;
  /** Of the units, the cron file, and what is written to the system's log. */
  readonly unit: string;
  /** The system account that makes them; it can read no secret of the service. */
  readonly account: string;
  /** The scripts, beside the releases: they outlive each of them. */
  readonly scripts: string;
  /** The password file, readable by the account alone. */
  readonly passwords: string;
  /** Metrics for node_exporter's textfile collector, and the cron job's lock. */
  readonly state: string;
}

/** What backup.sh tells node_exporter; alerts and dashboards read the same names. */
export const BACKUP_METRICS = {
  lastSuccess: 'aideploy_backup_last_success_timestamp_seconds',
  lastRun: 'aideploy_backup_last_run_timestamp_seconds',
  succeeded: 'aideploy_backup_last_run_succeeded',
  size: 'aideploy_backup_size_bytes',
  duration: 'aideploy_backup_duration_seconds',
  kept: 'aideploy_backup_kept',
} as const;

/** PostgreSQL cuts longer names, and useradd refuses longer accounts. */
const LONGEST_ROLE = 63;
const LONGEST_ACCOUNT = 31;
/** Debian's bundle of public authorities; libpq before 16 cannot be told to use the system's. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

export const backupRole = (database: Database): string => ending(database.user, '_backup', LONGEST_ROLE);

export function backupOf(model: Model): Backup | undefined {
  const { database, targets } = model;
  if (!database) return undefined;
  const unit = `${model.name}-backup`;
  const inCompose = database.host === undefined && targets.compose !== undefined && !targets.systemd;
  return {
    database,
    role: backupRole(database),
    via: inCompose ? 'compose' : 'host',
    host: database.host,
    rootCertificate: database.tls.startsWith('verify-') ? (database.ca ?? AUTHORITIES) : database.ca,
    unit,
    account: ending(model.name, '-backup', LONGEST_ACCOUNT),
    scripts: `${hostOf(model).dir}/backup`,
    passwords: `/etc/${unit}/pgpass`,
    state: `/var/lib/${unit}`,
  };
}

const HOUR = 3_600_000;
/** What a backup may take, and a host that was off. */
const SLACK = 2 * HOUR;

/** The longest time between two runs, counted generously where days are chosen. */
function longestGap(schedule: string): number {
  const [, , day = '*', month = '*', weekday = '*'] = schedule.trim().split(/\s+/);
  const days = month !== '*' ? 366 : day !== '*' ? 31 : weekday !== '*' ? 7 : 1;
  return days * 24 * HOUR;
}

/** How old the newest backup may be; an alert and a probe say the same. Milliseconds. */
export const oldestBackup = (schedule: string): number => longestGap(schedule) + SLACK;

const ending = (name: string, end: string, longest: number): string =>
  `${name.slice(0, longest - end.length)}${end}`;
