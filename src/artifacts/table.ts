import type { Text } from './text.ts';

/** A line of a file whose lines are fields between spaces: sysusers.d, tmpfiles.d, crontabs. */
export interface Row {
  readonly fields: readonly string[];
  /** Where each field begins. */
  readonly offsets: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** Fields may be quoted; comments and empty lines are left out. The last of at most `most` fields is the rest of its line. */
export function readRows(text: Text, most = Number.POSITIVE_INFINITY): readonly Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < text.content.length; ) {
    const stop = text.content.indexOf('\n', at);
    const end = stop === -1 ? text.content.length : stop;
    const line = text.content.slice(at, end).replace(/\r$/, '');
    if (!/^\s*(?:#|$)/.test(line)) rows.push(rowOf(line, at, most));
    at = end + 1;
  }
  return rows;
}

function rowOf(line: string, start: number, most: number): Row {
  const [fields, offsets]: [string[], number[]] = [[], []];
  const field = /\s*(?:"([^"]*)"|'([^']*)'|(\S+))/y;
  while (fields.length < most - 1) {
    const match = field.exec(line);
    if (!match) break;
    fields.push(match[1] ?? match[2] ?? match[3] ?? '');
    offsets.push(start + field.lastIndex - match[0].trimStart().length);
  }
  const rest = fields.length === most - 1 ? lastField(line, field.lastIndex) : undefined;
  if (rest) {
    fields.push(rest.text);
    offsets.push(start + rest.at);
  }
  return { fields, offsets, start: start + line.search(/\S/), end: start + line.length };
}

function lastField(line: string, from: number): { text: string; at: number } | undefined {
  const text = line.slice(from);
  const at = from + text.search(/\S/);
  return text.trim() === '' ? undefined : { text: line.slice(at).trimEnd(), at };
}
