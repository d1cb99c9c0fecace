import type { Context } from '../../context.ts';
import { unlimited } from '../../logs/json-file.ts';
import { covers, logFiles, rotated } from '../../logs/outputs.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';

export const logUnrotated: Rule = {
  id: 'cross/log-unrotated',
  severity: ['warning', 'info'],
  title: 'a log that only ends with the disk',
  why: 'The file grows with each request until the disk is full, and then everything on that host stops: the database first.',
  fix: 'Rotate it by logrotate, or print to the journal, which limits itself.',
  fixable: 'unsafe',
  example: {
    bad: 'StandardOutput=append:/var/log/chat.log',
    good: 'StandardOutput=journal',
  },
  check: context => oncePerPlace([...growing(context), ...unlimited(context)]),
};

/** What a distribution's own packages rotate. */
const PACKAGED =
  /^\/var\/log\/(?:nginx|apache2|httpd|postgresql|redis|mysql|letsencrypt)\/|^\/var\/log\/(?:syslog|messages|cron|cron\.log|auth\.log)$/;

function growing(context: Context): Finding[] {
  if (!context.closed) return [];
  const patterns = rotated(context);
  return logFiles(context)
    .filter(({ path }) => !PACKAGED.test(path) && !patterns.some(each => covers(each.path, path)))
    .map(({ path, by, at }) => ({ at, message: `${by} writes to ${path}, and nothing rotates it` }));
}
