import { BACKUP_METRICS, oldestBackup } from '../../../model/backup.ts';
import { type Alert, quoted, type Scene, selector, series } from '../rule.ts';

/** backup.sh leaves its metrics in a file that node_exporter reads, so only on hosts. */
export function backupAlerts({ model, monitoring }: Scene): Alert[] {
  const { database, targets } = model;
  const onHost = monitoring.platform === 'host' || monitoring.platform === 'compose';
  if (!database || !targets.backup || !onHost) return [];
  return backups(database.name, database.backup.schedule);
}

const HOUR = 3_600;
function backups(name: string, schedule: string): Alert[] {
  const labels = { job: 'tool/node', instance: 'one', database: name };
  const own = (metric: string) => selector(metric, `database=${quoted(name)}`);
  const { lastSuccess, succeeded } = BACKUP_METRICS;
  const allowed = oldestBackup(schedule) / 1_000;
  return [
    {
      alert: 'BackupOld',
      expr: `time() - ${own(lastSuccess)} > ${allowed}`,
      for: '10m',
      severity: 'critical',
      summary: 'The last good backup of {{ $labels.database }} is too old',
      description: `It should be ${allowed / HOUR} hours old at most, and is {{ $value | humanizeDuration }}.`,
      proof: {
        bad: [series(lastSuccess, labels, `-${allowed}x60`)],
        good: [series(lastSuccess, labels, '0x60')],
        at: '1h',
        labels,
        value: `${Math.floor((allowed + HOUR) / 86_400)}d ${((allowed + HOUR) % 86_400) / HOUR}h 0m 0s`,
      },
    },
    {
      alert: 'BackupFailed',
      expr: `${own(succeeded)} == 0`,
      for: '5m',
      severity: 'critical',
      summary: 'The backup of {{ $labels.database }} failed',
      description: 'Its last run made no good backup. Earlier ones were kept.',
      proof: {
        bad: [series(succeeded, labels, '0x30')],
        good: [series(succeeded, labels, '1x30')],
        at: '10m',
        labels,
      },
    },
    ...sizes(name, labels),
  ];
}

/** Backups that are not there, or hold less than they did. */
function sizes(name: string, labels: Readonly<Record<string, string>>): Alert[] {
  const own = (metric: string) => selector(metric, `database=${quoted(name)}`);
  const { lastSuccess, size } = BACKUP_METRICS;
  return [
    {
      alert: 'BackupMissing',
      expr: `absent(${own(lastSuccess)})`,
      for: '2h',
      severity: 'critical',
      summary: 'Nothing is known of any backup of {{ $labels.database }}',
      description: 'None was made yet, or node_exporter does not read the file that backup.sh writes.',
      proof: {
        bad: [series(lastSuccess, { database: 'another' }, '0x200')],
        good: [series(lastSuccess, labels, '0x200')],
        at: '3h',
        labels: { database: name },
      },
    },
    {
      alert: 'BackupShrank',
      expr: `${own(size)} < 0.5 * max_over_time(${own(size)}[7d])`,
      for: '10m',
      severity: 'warning',
      summary: 'The backup of {{ $labels.database }} is half as large as it was',
      description: 'Rows were deleted, or tables are missing from it.',
      proof: {
        bad: [series(size, labels, '1000x30 100x60')],
        good: [series(size, labels, '1000x90')],
        at: '1h',
        labels,
      },
    },
  ];
}
