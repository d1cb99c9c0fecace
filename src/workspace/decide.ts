import { sha256, textOf } from './bytes.ts';
import type { FileState } from './locate.ts';
import { mergeText } from './merge.ts';

export type Action = 'create' | 'update' | 'keep' | 'merge' | 'conflict' | 'foreign' | 'prune';

/** What was last rendered. Its bytes are missing where the copy is gone or was changed. */
export interface Base {
  readonly bytes: Uint8Array | undefined;
  readonly sha256: string;
  readonly mode: number;
}

/** What is to become of a file. */
export interface Decision {
  readonly action: Action;
  /** What the file is to hold; absent where it stays as it is. */
  readonly result?: FileState;
  /** Whether the new rendering is what later renders compare with. */
  readonly settled: boolean;
  /** Whether the new rendering is put beside the file. */
  readonly propose: boolean;
  readonly deleted?: true;
}

interface Wishes {
  /** Overwrite whatever is there. */
  readonly force?: boolean;
  /** The file as it is answers the new rendering. */
  readonly keepMine?: boolean;
}

const KEEP = { action: 'keep', settled: true, propose: false } as const;

/** The three-way decision: `mine` is on disk, `base` was last rendered, `theirs` is the new rendering. */
export function decide(
  mine: FileState | undefined,
  base: Base | undefined,
  theirs: FileState,
  { force = false, keepMine = false }: Wishes,
): Decision {
  if (keepMine) return mine ? KEEP : { ...KEEP, deleted: true };
  if (!mine) {
    if (base && !force) return { ...KEEP, deleted: true };
    return { action: 'create', result: theirs, settled: true, propose: false };
  }
  const mode = modeOf(mine, force ? undefined : base, theirs);
  const write = (action: Action, bytes: Uint8Array): Decision =>
    same(bytes, mine.bytes) && executable(mode) === executable(mine.mode)
      ? KEEP
      : {
          action: same(bytes, mine.bytes) ? 'update' : action,
          result: { bytes, mode },
          settled: true,
          propose: false,
        };
  if (force || same(mine.bytes, theirs.bytes)) return write('update', theirs.bytes);
  if (!base) return { action: 'foreign', settled: false, propose: true };
  if (isBase(mine, base)) return write('update', theirs.bytes);
  if (isBase(theirs, base)) return write('keep', mine.bytes);
  const merged = merge(mine, base, theirs);
  if (merged === undefined) return { action: 'conflict', settled: false, propose: true };
  return write('merge', merged);
}

/** Whether a file still holds exactly what was last rendered. */
export function isBase(file: FileState, base: Base): boolean {
  return base.bytes ? same(file.bytes, base.bytes) : sha256(file.bytes) === base.sha256;
}

export function executable(mode: number): boolean {
  return (mode & 0o100) !== 0;
}

function merge(mine: FileState, base: Base, theirs: FileState): Uint8Array | undefined {
  const texts = [mine.bytes, base.bytes, theirs.bytes].map(bytes => bytes && textOf(bytes));
  const [m, b, t] = texts;
  if (m === undefined || b === undefined || t === undefined) return undefined;
  const merged = mergeText(m, b, t);
  return merged === undefined ? undefined : Buffer.from(merged);
}

/** Permissions as they are, but for the right to execute, which is merged like the text. */
function modeOf(mine: FileState, base: Base | undefined, theirs: FileState): number {
  if (process.platform === 'win32') return mine.mode;
  const edited = base !== undefined && executable(mine.mode) !== executable(base.mode);
  if (edited || executable(mine.mode) === executable(theirs.mode)) return mine.mode;
  return executable(theirs.mode) ? mine.mode | ((mine.mode & 0o444) >> 2) : mine.mode & ~0o111;
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
