import type { Command } from '../../artifacts/shell/script.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { type Call, callsOf, isSet, pipeOf } from '../scripts.ts';
import { backupsIn, isVerified } from './backups.ts';
import { textOf } from './dumps.ts';

export function unlimitedRetention(context: Context): readonly Finding[] {
  return [
    ...callsOf(context, 'find').flatMap(findingOf),
    ...[...context.of('cmd'), ...context.of('powershell')].flatMap(({ body, text }) =>
      body
        .filter(each => FORFILES.test(each.text))
        .map(({ start }) => ({
          at: text.place(start),
          message: 'backups go by their age, however few are left',
        })),
    ),
  ];
}

const FORFILES = /^forfiles\b(?=.{0,300}(?:backup|dump|\.bak|\.sql))(?=.{0,300}\/d\s+-).{0,300}\bdel\b/i;
const BACKUP = /backup|dump|\.sql|\.bak|snapshot|\.rdb/i;
/** How many there are is counted somewhere. */
const COUNTED =
  /\btail\s+(?:-n\s*)?\+|\bhead\s+(?:-n\s*)?-\d|\bls\s+-\w*t|\bwc\s+-l|KEEP_(?:MIN|LAST|AT_LEAST)|MIN_(?:KEEP|BACKUPS)/i;

function findingOf(call: Call): Finding[] {
  const age = ageOf(call.command);
  const { content } = call.shell.document.text;
  if (!age || !deletes(call) || !isOfBackups(call) || COUNTED.test(content) || followsBackup(call)) return [];
  return [{ at: call.at, message: `backups go by their age (${age}), however few are left` }];
}

const ageOf = ({ words }: Command): string | undefined => {
  const i = words.findIndex(word => /^-(?:mtime|mmin|ctime)$/.test(word.raw));
  return i === -1 ? undefined : `${words[i]?.raw} ${words[i + 1]?.raw.replaceAll('"', '') ?? ''}`;
};

const deletes = (call: Call): boolean =>
  /\s-delete\b|-exec(?:dir)?\s+(?:\/bin\/)?rm\b/.test(textOf(call)) ||
  pipeOf(call).some(each => /\brm\b/.test(textOf(each)));

/** By the names that it looks for, and where it names none by the folder. */
function isOfBackups({ command, shell }: Call): boolean {
  const i = command.words.findIndex(word => /^-i?name$/.test(word.raw));
  const name = command.words[i + 1]?.raw ?? '';
  const folder = command.words[1]?.raw ?? '';
  if (i !== -1 && /\.(?:log|tmp|txt|out|partial)/.test(name)) return false;
  return BACKUP.test(name) || BACKUP.test(folder) || (BACKUP.test(shell.document.name) && i !== -1);
}

/** Nothing is deleted unless a new one was made and read back. */
const followsBackup = ({ shell, whole }: Call): boolean =>
  backupsIn(shell).some(each => each.call.whole.start < whole.start && isVerified(each)) && isSet(shell, 'e');
