import type { Call } from '../scripts.ts';
import { pipeOf, runs } from '../scripts.ts';

/** Programs that write a database out, and those that read one in. */
export const DUMP = /^(?:pg_dump|pg_dumpall|pg_basebackup|mysqldump|mariadb-dump|mongodump)$/;
export const RESTORE = /^(?:psql|pg_restore|mysql|mariadb|mongorestore)$/;

export const isDump = (call: Call): boolean =>
  runs(call, DUMP) && !/\bpg_dump\w* +(?:--version|-V|--help)\b/.test(textOf(call));

export const textOf = ({ shell, whole }: Call): string =>
  shell.document.text.content.slice(whole.start, whole.end);

/** The program that a dump is made by, in whatever it runs. */
export const dumperOf = (call: Call): string =>
  /\b(?:pg_dump(?:all)?|pg_basebackup|mysqldump|mariadb-dump|mongodump)\b/.exec(textOf(call))?.[0] ??
  call.name;

/** What is only known when a command is over: the dump, the download, as opposed to what prints or searches. */
const PRODUCES = /^(?:curl|wget|aws|gsutil|rclone|rsync|scp|tar)$/;

/** Of these the last one ends well whatever it was given, or begins before it was given all of it. */
const SWALLOWS =
  /^(?:sh|bash|zsh|dash|psql|mysql|mariadb|tee|gzip|pigz|zstd|xz|bzip2|openssl|age|gpg|cat|split|ssh|aws|gsutil|rclone|dd|sed|awk|cut|tr|sort)$/;

/** The first command of a pipe whose failure its last one hides. */
export function hiddenIn(pipe: readonly Call[]): Call | undefined {
  const last = pipe.at(-1);
  if (!last || pipe.length < 2 || !SWALLOWS.test(last.name)) return undefined;
  if (/^gpg$/.test(last.name) && /--(?:dearmor|import)/.test(textOf(last))) return undefined;
  const before = pipe.slice(0, -1);
  const dump = before.find(isDump);
  if (dump) return dump;
  const source = before.find(each => PRODUCES.test(each.name) && !/^(?:tar)$/.test(each.name));
  if (!source || source.shell.host.kind === 'markdown' || last.whole.substituted) return undefined;
  // Text on a screen is looked at; a file, a database and a shell believe what they get.
  const kept = last.whole.redirects.some(each => /^(?:>|>>|&>)$/.test(each.operator));
  return kept || /^(?:sh|bash|zsh|dash|psql|mysql|mariadb|tee)$/.test(last.name) ? source : undefined;
}

export const pipesOf = (calls: readonly Call[]): readonly (readonly Call[])[] =>
  calls.filter(({ whole }) => whole.pipe.of > 1 && whole.pipe.index === 0).map(pipeOf);
