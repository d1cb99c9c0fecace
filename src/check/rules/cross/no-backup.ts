import { unsavedDatabases } from '../../commands/saved.ts';
import type { Rule } from '../../rule.ts';

export const noBackup: Rule = {
  id: 'cross/no-backup',
  severity: ['error', 'warning'],
  title: 'a database without a backup, or a backup without a way back',
  why: 'A volume protects from a restart, not from a wrong DELETE, a broken migration or a lost disk; and a dump that nobody has ever restored is a hope, found to be one on the worst day.',
  fix: 'Dump the database on a schedule to another machine, and write down, or script, how it is restored; rehearse it.',
  fixable: 'no',
  closedSet: true,
  example: {
    bad: 'services: {db: {image: postgres:16, volumes: [data:/var/lib/postgresql/data]}}',
    good: '0 2 * * * docker compose exec -T db pg_dump ...',
  },
  check: unsavedDatabases,
};
