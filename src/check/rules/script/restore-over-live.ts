import { liveRestores } from '../../commands/live-restores.ts';
import type { Rule } from '../../rule.ts';

export const restoreOverLive: Rule = {
  id: 'script/restore-over-live',
  severity: 'error',
  title: 'a restore that may leave a mixture of two databases',
  why: 'By itself psql goes on after an error and commits what worked; a dump over existing tables meets their rows; and when the backup turns out to be the wrong one, what was there is gone.',
  fix: 'Dump what is there first, restore into a new database (`createdb`, or `--clean --if-exists`) with `--single-transaction` and ON_ERROR_STOP=1 or `--exit-on-error`, and rename it when its rows are right.',
  fixable: 'no',
  example: {
    bad: 'gunzip -c backup.sql.gz | psql app',
    good: 'pg_dump app > before.sql\ncreatedb app_new\ngunzip -c backup.sql.gz | psql -1 -v ON_ERROR_STOP=1 app_new',
  },
  check: liveRestores,
};
