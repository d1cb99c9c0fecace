/** Where something stands: a file, relative to the project with forward slashes, and a place in it from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A place as the key of a map. */
export const placeKey = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** A change to the file itself: offsets are those of its text without a byte order mark. */
export interface Edit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The text of an artifact. It may be part of another file (a fenced block, a here-document): offsets
 * are its own, places and edits those of the file that somebody opens.
 */
export interface Text {
  readonly file: string;
  readonly content: string;
  /** The artifact that it stands in. */
  readonly within?: Text;
  /** The file begins with a byte order mark, which `content` leaves out. */
  readonly bom?: true;
  place(offset: number): Place;
  /** Replaces what stands from `start` to `end`. */
  edit(start: number, end: number, text: string): Edit;
}

export function textOf(file: string, whole: string): Text {
  const bom = whole.startsWith('\uFEFF');
  const content = bom ? whole.slice(1) : whole;
  const lines = lineStarts(content);
  return {
    file,
    content,
    ...(bom ? { bom } : {}),
    place: offset => {
      const line = lastAtOrBefore(lines, offset);
      return { file, line: line + 1, column: offset - (lines[line] ?? 0) + 1 };
    },
    edit: (start, end, text) => ({ file, start, end, text }),
  };
}

/** One line of an embedded text: what it says, and where its first character stands in the outer text. */
export interface Slice {
  readonly text: string;
  readonly offset: number;
}

/** An artifact inside another, line by line, since the outer one may indent it. */
export function embed(within: Text, slices: readonly Slice[]): Text {
  const content = slices.map(slice => slice.text).join('\n');
  const starts: number[] = [];
  let length = 0;
  for (const slice of slices) {
    starts.push(length);
    length += slice.text.length + 1;
  }
  const outer = (offset: number): number => {
    const line = lastAtOrBefore(starts, offset);
    return (slices[line]?.offset ?? 0) + offset - (starts[line] ?? 0);
  };
  return {
    file: within.file,
    content,
    within,
    place: offset => within.place(outer(offset)),
    edit: (start, end, text) => within.edit(outer(start), outer(end), text),
  };
}

/** The whole lines of `within` from one offset to another, without the indentation that all of them share. */
export function dedented(within: Text, start: number, end: number): Text {
  const lines: Slice[] = [];
  for (let at = start; at < end; ) {
    const stop = within.content.indexOf('\n', at);
    const next = stop === -1 || stop >= end ? end : stop;
    lines.push({ text: within.content.slice(at, next).replace(/\r$/, ''), offset: at });
    at = next + 1;
  }
  const indents = lines.filter(line => line.text.trim() !== '').map(line => line.text.search(/\S/));
  const indent = indents.length === 0 ? 0 : indents.reduce((least, each) => Math.min(least, each));
  return embed(
    within,
    lines.map(({ text, offset }) => {
      const cut = Math.min(indent, text.length);
      return { text: text.slice(cut), offset: offset + cut };
    }),
  );
}

export function lineStarts(content: string): number[] {
  const starts = [0];
  for (let at = content.indexOf('\n'); at !== -1; at = content.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The offset of a place in the text of its file. */
export function offsetOf({ content }: Text, { line, column }: Place): number {
  let start = 0;
  for (let i = 1; i < line; i++) start = content.indexOf('\n', start) + 1;
  return start + column - 1;
}

/** The index of the last of the ascending numbers that is not past `wanted`. */
function lastAtOrBefore(ascending: readonly number[], wanted: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}

export const byPlace = (a: Place, b: Place): number =>
  compare(a.file, b.file) || a.line - b.line || a.column - b.column;

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Joins a path to the folder of a file and normalises it; undefined where it is absolute or leaves the root. */
export function beside(file: string, path: string): string | undefined {
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return undefined;
  const steps = file.split('/').slice(0, -1);
  for (const step of path.split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) return undefined;
    } else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}
