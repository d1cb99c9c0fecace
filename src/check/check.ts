import { type Collected, collect, type Unread } from '../artifacts/read.ts';
import { type Complaint, isCandidate, isNamed, recognise } from '../artifacts/recognise.ts';
import { assemble, type Circumstances } from './assemble.ts';
import type { Context } from './context.ts';

export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

/** What was looked at, ready for rules. */
export interface Examined {
  readonly context: Context;
  readonly collected: Collected;
  /** How many files hold something that was judged. */
  readonly judged: number;
  readonly skipped: readonly Skipped[];
  /** Paths that were asked for and are not there. */
  readonly missing: readonly string[];
}

/** Reads files and folders below `root`, and makes of them what rules see. */
export async function examine(
  root: string,
  paths: readonly string[],
  circumstances: Circumstances = {},
): Promise<Examined> {
  return judged(await collect(root, paths, isCandidate), new Set(paths), circumstances);
}

/** The same of files that were read, or changed, already. */
export async function judged(
  { files, unread, closed }: Collected,
  named: ReadonlySet<string>,
  circumstances: Circumstances,
): Promise<Examined> {
  const recognised = await recognise(files);
  const ours = unread.filter(each => each.why !== 'missing' && (named.has(each.path) || isNamed(each.path)));
  const complaints = [...recognised.complaints, ...ours.map(complaintOf)];
  const known = new Set([
    ...recognised.documents.map(each => each.text.file),
    ...complaints.map(each => each.at.file),
  ]);
  const strange = files
    .filter(file => named.has(file.path) && !known.has(file.path))
    .map(file => ({ file: file.path, reason: 'of no kind that is known here' }));
  const notes = complaints
    .filter(each => each.rule === 'file/skipped')
    .map(each => ({ file: each.at.file, reason: each.message }));
  const judgedFiles = recognised.documents.filter(each => each.kind !== 'config').map(each => each.text.file);
  return {
    context: assemble({ ...recognised, complaints }, { files, closed }, circumstances),
    collected: { files, unread, closed },
    judged: new Set(judgedFiles).size,
    skipped: [...notes, ...strange],
    missing: unread.filter(each => each.why === 'missing').map(each => each.path),
  };
}

const complaintOf = ({ path, reason, why }: Unread): Complaint => ({
  rule: why === 'skipped' ? 'file/skipped' : 'file/unreadable',
  at: { file: path, line: 1, column: 1 },
  message: reason,
});
