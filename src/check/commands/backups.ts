import { expanded } from '../../artifacts/shell/expand.ts';
import { optionValues, type Word } from '../../artifacts/shell/script.ts';
import type { Context } from '../context.ts';
import { type Call, pipeOf, type Shell } from '../scripts.ts';
import { valuesOf } from '../steps.ts';
import { isDump, textOf } from './dumps.ts';

/** A dump that becomes a file. */
export interface Backup {
  readonly call: Call;
  /** The last command of its pipe, which writes the file. */
  readonly last: Call;
  readonly target: Word;
  /** Where the file is, with `*` for what each run makes anew. */
  readonly path: string;
}

export function backupsIn(shell: Shell): readonly Backup[] {
  const values = valuesOf(shell.document);
  return shell.calls.filter(isDump).flatMap((call): Backup[] => {
    if (/(?:--schema-only|--globals-only|--roles-only|\s-[a-z]*s\b)/.test(textOf(call))) return [];
    const last = pipeOf(call).at(-1) ?? call;
    const written = last.whole.redirects.find(each => /^(?:>|>\||&>)$/.test(each.operator))?.target;
    const target = written ?? optionValues(call.command, '-f', '--file')[0];
    if (!target || /^\/dev\//.test(target.raw)) return [];
    return [{ call, last, target, path: expanded(target.raw, values) }];
  });
}

/** Looks into an archive: its list, its integrity, its size, its rows. */
const VERIFIES =
  /pg_restore\s[^|;&\n]{0,120}(?:-l\b|--list)|\b(?:gzip|gunzip|zstd|xz|bzip2|pigz|unzip)\s+-\w*t|(?:--test|--integrity)\b|\[\[?\s+(?:!\s+)?-s\s|\btest\s+-s\b|\bstat\s+(?:-c|-f|--format|--printf)|\bwc\s+-c|\bdu\s+-|\bzcat\b|\btar\s+-?\w*t\w*\s|dump complete|count\(\*\)|restic check|borg check|pg_verifybackup/i;

export function isVerified({ call, last }: Backup): boolean {
  const rest = call.shell.document.text.content.slice(last.whole.end);
  // Who goes by a guide sees the size.
  return VERIFIES.test(rest) || (call.shell.host.kind === 'markdown' && /\bls\s+-\w*[lsh]/.test(rest));
}

/** What reads a dump back into a database of PostgreSQL. */
export interface Restore {
  readonly call: Call;
  /** psql: plain statements; pg_restore: an archive. */
  readonly program: 'pg_restore' | 'psql';
  readonly text: string;
}

const KEPT =
  /backup|dump|restore|\b(?:gunzip|zcat|xzcat|zstdcat)\b|\.sql\.(?:gz|zst|xz|bz2)|\bbak\b|snapshot/i;

export function restoresIn(shell: Shell): readonly Restore[] {
  return shell.calls.flatMap((call): Restore[] => {
    const text = textOf(call);
    const program = /\b(pg_restore|psql)\b/.exec(
      call.name === 'psql' || call.name === 'pg_restore' ? call.name : runsInside(call),
    )?.[1];
    if (program === 'pg_restore') {
      const reads =
        /(?:^|\s)(?:-l|--list|-V|--version|-f|--file)\b/.test(text) || !/(?:\s-[a-z]*d|--dbname)/.test(text);
      return reads ? [] : [{ call, program, text }];
    }
    if (program !== 'psql') return [];
    const pipe = pipeOf(call);
    const source = [
      ...pipe.slice(0, -1).map(textOf),
      ...optionValues(call.command, '-f', '--file').map(word => word.raw),
      ...call.whole.redirects.filter(each => each.operator === '<').map(each => each.target?.raw ?? ''),
    ].join(' ');
    return call === pipe.at(-1) && KEPT.test(source) && !/pg_dump/.test(source)
      ? [{ call, program, text }]
      : [];
  });
}

/** `docker compose exec -T db psql …`: the program inside. */
const runsInside = (call: Call): string =>
  /^(?:docker|docker-compose|podman|kubectl)$/.test(call.name)
    ? (call.command.words.map(word => word.value ?? '').find(word => /^(?:psql|pg_restore)$/.test(word)) ??
      '')
    : '';

/** A database that only stands in for the real one. */
export const isRehearsal = (text: string): boolean =>
  /(?:test|stag|rehears|verify|scratch|tmp|temp|drill|check|copy|new)(?:ing)?(?:_?db)?\b|_(?:test|new|restore|copy)\b/i.test(
    text,
  );

/** Whether it runs with nobody there: by cron, by a timer, in a workflow. */
export function isUnattended(context: Context, shell: Shell): boolean {
  if (/^(?:crontab|workflow)$/.test(shell.host.kind)) return true;
  if (shell.host.kind === 'markdown' && shell.document.name === shell.host.name) return false;
  const name = shell.document.name.split('/').at(-1) ?? '';
  if (!/\.\w+$/.test(name)) return false;
  const crons = context.of('crontab').flatMap(each => each.body.entries.map(entry => entry.command));
  const timers = new Set(
    context
      .of('systemd')
      .filter(each => each.body.type === 'timer')
      .map(each => each.body.name.replace(/\.timer$/, '')),
  );
  const units = context
    .of('systemd')
    .filter(each => timers.has(each.body.name.replace(/\.service$/, '')))
    .map(each => each.text.content);
  return [...crons, ...units].some(each => each.includes(name));
}

/** The machine that a client of PostgreSQL is told to ask; undefined for its own socket. */
export function remoteHost(call: Call): string | undefined {
  const values = valuesOf(call.shell.document);
  const word = optionValues(call.command, '-h', '--host')[0];
  const given = word ? expanded(word.raw, values) : values.get('PGHOST');
  return given && !/^(?:localhost|127\.|::1|\/|\*$)/.test(given) ? given : undefined;
}
