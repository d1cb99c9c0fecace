import { unlimitedRetention } from '../../commands/retention.ts';
import type { Rule } from '../../rule.ts';

export const retentionNoFloor: Rule = {
  id: 'script/retention-no-floor',
  severity: 'error',
  title: 'backups that are deleted by their age alone',
  why: 'When backups begin to fail, the old ones go on being deleted: after as many days as they are kept there is none left, and nobody was told.',
  fix: 'Keep a number of the newest whatever their age, or delete only behind a new backup that was read back, in a script that stops at the first failure.',
  fixable: 'no',
  example: {
    bad: "find /backups -name '*.sql.gz' -mtime +30 -delete",
    good: 'ls -1t /backups/*.sql.gz | tail -n +8 | xargs -r rm --',
  },
  check: unlimitedRetention,
};
