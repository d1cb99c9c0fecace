import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { type Call, callsBefore, shellsOf } from '../scripts.ts';
import { listed } from '../words.ts';
import { isRehearsal, type Restore, restoresIn } from './backups.ts';
import { isDump } from './dumps.ts';

export function liveRestores(context: Context): readonly Finding[] {
  return shellsOf(context).flatMap(shell =>
    restoresIn(shell).flatMap(each => findingOf(each, callsBefore(context, each.call))),
  );
}

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
  const saved =
    isNew(text, said) ||
    before.some(isDump) ||
    /\bbackup[\w-]*\.(?:sh|ps1)|pg_basebackup|snapshot/i.test(said);
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

/** Into a database that the script makes itself, and has not put in the place of one: the live one stays. */
function isNew(text: string, said: string): boolean {
  const dropped = /\bdropdb\b|\bDROP\s+DATABASE\b|\s(?:--clean|-c)\s/i.test(`${said} ${text}`);
  const target = /(?:\s-d\s*|--dbname[=\s]\s*)["']?([\w-]+)/.exec(text)?.[1];
  const made = said.matchAll(/\bcreatedb\s([^\n;|&]*)|\bCREATE\s+DATABASE\s+"?([\w-]+)/gi);
  return (
    !dropped &&
    target !== undefined &&
    [...made].some(([, words, name]) => name === target || words?.trim().split(/\s+/).at(-1) === target)
  );
}
