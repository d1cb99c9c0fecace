import { attendedLogins } from '../../commands/logins.ts';
import type { Rule } from '../../rule.ts';

export const dbLogin: Rule = {
  id: 'script/db-login',
  severity: ['error', 'warning'],
  title: 'a login to a database that nobody can answer for, or as its superuser',
  why: 'At night nobody types the password: the login fails, or waits for ever. And a script that comes as the superuser can drop every database of the server when its variables are wrong.',
  fix: 'Give it a password file (PGPASSFILE, ~/.pgpass, mode 600), and a role that may read what it dumps and nothing else.',
  fixable: 'no',
  example: {
    bad: '0 2 * * * pg_dump -h db.internal -U postgres app > /backups/app.sql',
    good: '0 2 * * * PGPASSFILE=/etc/app/pgpass pg_dump -h db.internal -U app_backup app > /backups/app.sql',
  },
  check: attendedLogins,
};
