import type { CronEntry } from '../../artifacts/crontab/crontab.ts';
import type { Document } from '../../artifacts/document.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { listed } from '../words.ts';
import { faultsOfRun } from './cron-jobs.ts';

export function cronFaults(context: Context): readonly Finding[] {
  return context
    .of('crontab')
    .flatMap(document =>
      document.body.entries.flatMap(entry => [
        ...percent(document, entry),
        ...user(document, entry),
        ...mode(context, document, entry),
        ...run(context, document, entry),
      ]),
    );
}

function percent({ text }: Document<'crontab'>, { command, commandStart }: CronEntry): Finding[] {
  const bare = [...command.matchAll(/(?<!\\)%/g)].map(match => commandStart + match.index);
  if (bare[0] === undefined) return [];
  const message = `the command ends at the first %: \`${command.slice(0, bare[0] - commandStart).slice(-60)}\``;
  return [{ at: text.place(bare[0]), message, edits: bare.map(at => text.edit(at, at, '\\')) }];
}

const ACCOUNTS = /^(?:root|www-data|nobody|postgres|ubuntu|debian|deploy|admin|git)\s+[/\w.]/;
const PROGRAM =
  /[/.$=]|^(?:bash|sh|cd|test|flock|curl|wget|docker|find|nice|python3?|node|rsync|pg_dump|echo|certbot|systemctl|sudo|env|timeout)$/;

function user({ text, body }: Document<'crontab'>, entry: CronEntry): Finding[] {
  if (entry.user !== undefined && PROGRAM.test(entry.user))
    return [
      {
        at: text.place(entry.start),
        message: `${entry.user} is taken as the user: a system crontab names one before the command`,
      },
    ];
  const name = !body.system && ACCOUNTS.test(entry.command) ? entry.command.split(/\s/)[0] : undefined;
  return name
    ? [
        {
          at: text.place(entry.commandStart),
          message: `${name} is taken as the command: the crontab of a user names none`,
        },
      ]
    : [];
}

/** A script of the set that cron is to execute although its file may not be. */
function mode({ modes, texts }: Context, { text }: Document<'crontab'>, entry: CronEntry): Finding[] {
  const path = /^(?:flock\s+(?:-\S+\s+)*\S+\s+)?(\/?[\w./-]*\/[\w.-]+\.(?:sh|bash|py|pl|rb))\b/.exec(
    entry.command,
  )?.[1];
  const name = path?.split('/').at(-1);
  const files = [...modes].filter(([file]) => name !== undefined && file.split('/').at(-1) === name);
  const [found] = files;
  if (!name || !path || !found || files.length > 1 || (found[1] & 0o111) !== 0) return [];
  const made = [...texts.values()].some(({ content }) =>
    content
      .split('\n')
      .some(line => line.includes(name) && /\bchmod\s+(?:\S*\+\S*x|[0-7]*7)|\binstall\b/.test(line)),
  );
  return made
    ? []
    : [
        {
          at: text.place(entry.commandStart),
          message: `${path} is ${found[0]} here, which is not executable`,
        },
      ];
}

function run(context: Context, document: Document<'crontab'>, entry: CronEntry): Finding[] {
  const faults = faultsOfRun(context, document, entry);
  return faults.length === 0
    ? []
    : [
        {
          at: document.text.place(entry.commandStart),
          severity: 'warning',
          message: `the job ${listed(faults)}`,
        },
      ];
}
