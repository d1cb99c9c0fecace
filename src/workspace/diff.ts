import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { textOf } from './bytes.ts';
import { executable } from './decide.ts';
import type { FileState } from './locate.ts';

/** What changes between two states of a file, as a unified diff; empty where nothing does. */
export function unifiedDiff(path: string, from: FileState | undefined, to: FileState | undefined): string {
  const mode =
    from && to && executable(from.mode) !== executable(to.mode)
      ? `${path}: ${executable(to.mode) ? 'becomes' : 'is no longer'} executable\n`
      : '';
  const [before, after] = [from, to].map(state => textOf(state?.bytes ?? new Uint8Array()));
  if (before === undefined || after === undefined)
    return `${mode}${path}: not text, so no lines to compare\n`;
  if (before === after && from && to) return mode;
  const [oldName, newName] = [from ? `a/${path}` : '/dev/null', to ? `b/${path}` : '/dev/null'];
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return mode + createTwoFilesPatch(oldName, newName, before, after, undefined, undefined, options);
}
