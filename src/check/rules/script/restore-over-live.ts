import { isRehearsal, type Restore, restoresIn } from '../../backups.ts';
import { isDump } from '../../dumps.ts';
import type { Finding, Rule } from '../../rule.ts';
import { type Call, callsBefore, shellsOf } from '../../scripts.ts';
import { listed } from '../../words.ts';

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
  check: context =>
    shellsOf(context).flatMap(shell =>
      restoresIn(shell).flatMap(each => findingOf(each, callsBefore(context, each.call))),
    ),
};

function findingOf({ call, program, text }: Restore, before: readonly Call[]): Finding[] {
  if (isRehearsal(text.replace(/pg_restore|\S+\.(?:sql|dump|gz)\S*/g, ''))) return [];
  const said = before
    .map(each => each.shell.document.text.content.slice(each.whole.start, each.whole.end))
    .join('\n');
  const jobs = /(?:\s-j|--jobs)/.test(text);
  const whole =
    /(?:\s-1\b|--single-transaction|\s-[a-zA-Z]*1\b)/.test(text) || (jobs && program === 'pg_restore');
  const stops =
    program === 'psql'
      ? /ON_ERROR_STOP/.test(text) || /\.psqlrc|PSQLRC/.test(said)
      : whole || /(?:\s-[a-z]*e\b|--exit-on-error)/.test(text);
  const fresh =
    /\bdropdb\b|\bcreatedb\b|(?:DROP|CREATE)\s+(?:DATABASE|SCHEMA)|TRUNCATE|docker\s+(?:compose\s+)?(?:down\s[^\n]*-v|volume\s+rm)/i.test(
      said,
    ) || /(?:\s-[a-z]*[cC]\b|--clean|--create|--data-only)/.test(text.replace(/-c\s+["']/g, ''));
  const saved = before.some(isDump) || /\bbackup[\w-]*\.(?:sh|ps1)|pg_basebackup|snapshot/i.test(said);
  const missing = [
    ...(stops
      ? []
      : [
          program === 'psql'
            ? 'it goes on after an error (ON_ERROR_STOP)'
            : 'it goes on after an error (--exit-on-error)',
        ]),
    ...(whole ? [] : ['it is not one transaction']),
    ...(fresh ? [] : ['it meets what is there']),
    ...(saved ? [] : ['nothing keeps what is there']),
  ];
  return missing.length === 0
    ? []
    : [{ at: call.at, message: `${program} restores over the live database: ${listed(missing)}` }];
}
