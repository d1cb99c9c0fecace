import { UNKNOWN } from '../../artifacts/shell/expand.ts';
import type { Edit } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { isSet, shellsOf } from '../scripts.ts';
import { listed } from '../words.ts';
import { type Backup, backupsIn, isVerified } from './backups.ts';
import { dumperOf } from './dumps.ts';

export function unverifiedBackups(context: Context): readonly Finding[] {
  return shellsOf(context).flatMap(backupsIn).flatMap(findingOf);
}

/** What is only there until it is whole. */
const TEMPORARY = /tmp|temp|partial|\.part\b|\.new\b|work|staging/i;

function findingOf(backup: Backup): Finding[] {
  const { call, last, target, path } = backup;
  const byHand = call.shell.host.kind === 'markdown' && call.shell.document.name === call.shell.host.name;
  const rest = call.shell.document.text.content.slice(last.whole.end);
  const straight =
    !byHand && !TEMPORARY.test(target.raw) && !TEMPORARY.test(path) && !moves(rest, target.raw);
  const faults = [
    ...(isVerified(backup) ? [] : ['nothing reads it back']),
    ...(!byHand && straight && !path.includes(UNKNOWN) ? ['each run overwrites the one before'] : []),
    ...(straight ? ['it has its final name before it is whole'] : []),
  ];
  if (faults.length === 0) return [];
  const message = `the backup that ${dumperOf(call)} writes to ${path}: ${listed(faults)}`;
  return [{ at: call.at, message, ...(straight ? { edits: renamed(backup) } : {}) }];
}

const moves = (rest: string, raw: string): boolean =>
  rest.split('\n').some(line => /\bmv\b/.test(line) && line.includes(raw));

/** Written beside, and renamed when the dump has succeeded. */
function renamed({ call, last, target }: Backup): readonly Edit[] {
  const { text } = call.shell.document;
  const line = text.content.slice(0, call.whole.start).split('\n').at(-1) ?? '';
  const end = Math.max(last.whole.end, target.end);
  const eol = text.content.indexOf('\n', end);
  const alone = /^\s*$/.test(line) && /^[^\S\n]*(?:#|$)/.test(text.content.slice(end, eol));
  const stops = isSet(call.shell, 'e') && (call.whole.pipe.of === 1 || isSet(call.shell, 'pipefail'));
  if (call.shell.host !== call.shell.document || eol === -1 || !alone || !stops || call.whole.tested)
    return [];
  return [
    text.edit(target.end, target.end, '.partial'),
    text.edit(eol, eol, `\n${line}mv -- ${target.raw}.partial ${target.raw}`),
  ];
}
