import { backupsElsewhere } from '../../commands/other-databases.ts';
import type { Rule } from '../../rule.ts';

export const backupElsewhere: Rule = {
  id: 'cross/backup-elsewhere',
  severity: 'error',
  title: 'a backup of another database than the service writes to',
  why: 'The job is green every night and saves an old host, another database, or only one of two: what the service wrote is in no backup, and a restore overwrites what was never lost.',
  fix: 'Give the backup the host and the database of the URL that the service is given, best from the same variable; back up every database that a platform brings with it.',
  fixable: 'no',
  example: {
    bad: 'DATABASE_URL=postgres://app@db-2.internal/app\npg_dump -h db-1.internal app',
    good: 'DATABASE_URL=postgres://app@db-2.internal/app\npg_dump -h db-2.internal app',
  },
  check: backupsElsewhere,
};
