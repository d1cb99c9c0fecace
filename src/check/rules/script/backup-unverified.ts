import { unverifiedBackups } from '../../commands/unverified.ts';
import type { Rule } from '../../rule.ts';

export const backupUnverified: Rule = {
  id: 'script/backup-unverified',
  severity: 'warning',
  title: 'a backup that nobody has looked into',
  why: 'A dump that broke off, or that was still being written when the machine went down, looks like every other one; the first to read it is who needs it.',
  fix: 'Write to a temporary name, read it back (`pg_restore --list`, `gzip -t`, its size or rows), and rename it to a name of its own.',
  fixable: 'safe',
  example: {
    bad: 'pg_dump -Fc app > /backups/app.dump',
    good: 'pg_dump -Fc app > "$file.partial"\npg_restore --list "$file.partial" > /dev/null\nmv "$file.partial" "$file"',
  },
  check: unverifiedBackups,
};
