import { BACKUP_METRICS, type Backup } from '../model/backup.ts';
import type { Model } from '../model/model.ts';
import { calendarOf } from './calendar.ts';

const LOOPBACK = '127.0.0.1';

export function backupView(model: Model, plan: Backup): object {
  const { database } = plan;
  const { copyTo, encrypt, schedule, keepDays, keepAtLeast, dir } = database.backup;
  const script = `${plan.scripts}/backup.sh`;
  const view = {
    service: model.name,
    unit: plan.unit,
    account: plan.account,
    database: database.name,
    role: plan.role,
    roles: [database.owner, database.user, plan.role],
    project: model.name,
    via: plan.via,
    compose: plan.via === 'compose',
    beside: plan.host === undefined,
    host: plan.host ?? LOOPBACK,
    port: database.port,
    tls: database.tls,
    rootCertificate: plan.rootCertificate,
    connectTimeout: Math.ceil(database.connectTimeout / 1_000),
    passwords: plan.passwords,
    scripts: plan.scripts,
    state: plan.state,
    dir,
    keepDays,
    keepAtLeast,
    copies: copyTo !== undefined,
    // A command that names no file would copy nothing.
    copyTo: copyTo?.some(word => word.includes('{}')) ? copyTo : [...(copyTo ?? []), '{}'],
    recipient: encrypt?.age,
    metrics: BACKUP_METRICS,
    description: `Backup of the database ${database.name} of ${model.name}`,
    after: ['network-online.target', ...(plan.host === undefined ? [localService(plan)] : [])],
    command: [script, '--reason', 'schedule'],
    schedule: schedule.trim().split(/\s+/),
    calendar: calendarOf(schedule),
    script,
    lock: `${plan.state}/cron.lock`,
    failed: `The backup of ${model.name} failed. Why: journalctl -t ${plan.unit}, or /var/log/syslog`,
  };
  // A shell's linter takes a dollar sign between single quotes for a mistake.
  return { ...view, quoting: /[$`]/.test(JSON.stringify(view)) };
}

const localService = ({ via }: Backup): string =>
  via === 'compose' ? 'docker.service' : 'postgresql.service';
