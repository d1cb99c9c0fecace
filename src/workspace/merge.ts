import { diff3Merge } from 'node-diff3';

/** Lines without their ends, and whether the last has one. */
interface Text {
  readonly lines: string[];
  readonly final: boolean;
}

/**
 * Merges what changed between `base` and `theirs` into `mine`, line by line; undefined where both
 * changed the same lines, or lines that touch. A file whose line ends were all converted keeps its own kind.
 */
export function mergeText(mine: string, base: string, theirs: string): string | undefined {
  if (mine === base || mine === theirs) return theirs;
  if (theirs === base) return mine;
  const [own, rendered] = [lineEnd(mine), lineEnd(base)];
  if (own === undefined || rendered === undefined || own === rendered || rendered !== lineEnd(theirs)) {
    return mergeLines(mine, base, theirs);
  }
  return mergeLines(mine, withLineEnd(base, own), withLineEnd(theirs, own));
}

function mergeLines(mine: string, base: string, theirs: string): string | undefined {
  const [m, b, t] = [split(mine), split(base), split(theirs)];
  const lines: string[] = [];
  for (const region of diff3Merge(m.lines, b.lines, t.lines, { excludeFalseConflicts: true }) as Region[]) {
    if (region.ok === undefined) return undefined;
    lines.push(...region.ok);
  }
  return join({ lines, final: m.final === b.final ? t.final : m.final });
}

interface Region {
  readonly ok?: readonly string[];
}

/** The end of the last line is its own small value: adding it is no change to that line. */
function split(text: string): Text {
  const final = text.endsWith('\n');
  const body = final ? text.slice(0, -1) : text;
  return { lines: text === '' ? [] : body.split('\n'), final };
}

function join({ lines, final }: Text): string {
  return lines.length === 0 ? '' : lines.join('\n') + (final ? '\n' : '');
}

/** The one kind of line end that a text has; undefined where it has none or both. */
function lineEnd(text: string): '\n' | '\r\n' | undefined {
  const all = text.split('\n').length - 1;
  const crlf = text.split('\r\n').length - 1;
  if (all === 0 || (crlf !== 0 && crlf !== all)) return undefined;
  return crlf === 0 ? '\n' : '\r\n';
}

function withLineEnd(text: string, end: '\n' | '\r\n'): string {
  return text.replaceAll(/\r?\n/g, end);
}
