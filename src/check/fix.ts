import { compare, type Edit } from '../artifacts/text.ts';
import type { Fixable } from './rule.ts';
import type { Diagnostic } from './run.ts';

interface Fixes {
  /** The new contents, by file. */
  readonly contents: ReadonlyMap<string, string>;
  readonly applied: readonly Diagnostic[];
}

/** Edits that may be made, each finding's as a whole; of those that overlap only the first. */
export function fixed(
  found: readonly Diagnostic[],
  level: Exclude<Fixable, 'no'>,
  contentOf: (file: string) => string | undefined,
): Fixes {
  const chosen: Edit[] = [];
  const applied: Diagnostic[] = [];
  for (const each of found) {
    const may = each.fixable === 'safe' || (each.fixable === 'unsafe' && level === 'unsafe');
    const isNew = (edit: Edit) => !chosen.some(other => same(edit, other));
    const fits = (edit: Edit) =>
      contentOf(edit.file) !== undefined && !chosen.some(other => overlap(edit, other) && !same(edit, other));
    if (!may || !each.edits.every(fits)) continue;
    chosen.push(...each.edits.filter(isNew));
    applied.push(each);
  }
  const files = [...new Set(chosen.map(edit => edit.file))].sort(compare);
  const contents = files.map(
    file =>
      [
        file,
        edited(
          contentOf(file) ?? '',
          chosen.filter(edit => edit.file === file),
        ),
      ] as const,
  );
  return { contents: new Map(contents), applied };
}

const same = (a: Edit, b: Edit): boolean =>
  a.file === b.file && a.start === b.start && a.end === b.end && a.text === b.text;

/** Two insertions at one place overlap too: their order would be chance. */
const overlap = (a: Edit, b: Edit): boolean =>
  a.file === b.file && (a.start === b.start || (a.start < b.end && b.start < a.end));

const BOM = '\uFEFF';

/** Offsets are those of the text behind a byte order mark, which stands at -1. */
function edited(content: string, edits: readonly Edit[]): string {
  const shift = content.startsWith(BOM) ? 1 : 0;
  // What is put in takes the line ends of the file that it is put into; what takes the place of all of it has its own.
  const ends = /\r\n/.test(content) && !/[^\r]\n/.test(content) ? '\r\n' : '\n';
  const isWhole = (edit: Edit) => edit.start <= 0 && edit.end + shift === content.length;
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (text, edit) =>
        text.slice(0, edit.start + shift) +
        (isWhole(edit) ? edit.text : edit.text.replace(/\r?\n/g, ends)) +
        text.slice(edit.end + shift),
      content,
    );
}
