import type { Edit } from '../artifacts/text.ts';
import { entryOf, type YamlEntry, type YamlNode } from '../artifacts/yaml.ts';

/** The edit that takes a key out of a block mapping, where it stands with its value on a line of its own. */
export function withoutLine(node: YamlNode | undefined, name: string): readonly Edit[] {
  const entry = entryOf(node, name);
  // A value may stand elsewhere: behind an alias.
  if (!entry || entry.key.text !== entry.value.text || entry.value.end < entry.key.start) return [];
  const { text } = entry.key;
  const start = text.content.lastIndexOf('\n', entry.key.start) + 1;
  const next = text.content.indexOf('\n', entry.value.end);
  const end = next === -1 ? text.content.length : next + 1;
  // A comment on the line stays, and so does the line.
  const alone =
    text.content.slice(start, entry.key.start).trim() === '' &&
    text.content.slice(entry.value.end, end).trim() === '';
  return alone ? [text.edit(start, end, '')] : [];
}

/** The edit that writes a line above a key of a block mapping, as deep as the key. */
export function lineAbove(entry: YamlEntry | undefined, line: string): readonly Edit[] {
  if (!entry) return [];
  const { text, start } = entry.key;
  const head = text.content.slice(text.content.lastIndexOf('\n', start) + 1, start);
  if (!/^[ ]*(?:- +)*$/.test(head)) return [];
  const newline = text.content.includes('\r\n') ? '\r\n' : '\n';
  return [text.edit(start, start, `${line}${newline}${' '.repeat(head.length)}`)];
}
