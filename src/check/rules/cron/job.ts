import { cronFaults } from '../../commands/cron-lines.ts';
import type { Rule } from '../../rule.ts';

export const job: Rule = {
  id: 'cron/job',
  severity: ['error', 'warning'],
  title: 'a line of a crontab that cron does not run as it is meant',
  why: 'It is cron that ends the command at the first bare `%`, takes the sixth field of a system crontab as the user, and has a short PATH and no terminal: a job that fails does so every night, and nobody is told.',
  fix: 'Write `\\%`; name the user in /etc/cron.d and only there; make the script executable; let `flock -n` hold a lock, and let errors reach MAILTO or the log.',
  fixable: 'safe',
  example: {
    bad: '0 2 * * * pg_dump app > /backups/app_$(date +%F).sql',
    good: '0 2 * * * pg_dump app > /backups/app_$(date +\\%F).sql',
  },
  check: cronFaults,
};
