import type { Text } from './text.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml.ts';
import { flowAt, type Inline, inlineAt, isBlank } from './yaml-inline.ts';

/**
 * The YAML that people and programs write most: block mappings and lists, flow collections, plain and
 * quoted scalars of one line, literal blocks. Some ten times as fast as a parser for all of YAML, to which
 * everything else is left: each function gives undefined, and so does the whole, as soon as it is not sure.
 */
export function readPlainYaml(text: Text): readonly YamlNode[] | undefined {
  const { content } = text;
  // Tabs and carriage returns have rules of their own.
  if (content.includes('\t') || content.includes('\r')) return undefined;
  const reading: Reading = { text, content, lines: linesOf(content), line: 0 };
  const roots: YamlNode[] = [];
  skipBlank(reading);
  while (reading.line < reading.lines.length) {
    const here = lineAt(reading);
    if (isMarker(content, here)) {
      reading.line++;
      skipBlank(reading);
      continue;
    }
    if (roots.length > 0 && !isMarker(content, reading.lines[reading.before ?? 0])) return undefined;
    const root = blockAt(reading, here.start + here.indent, here.indent);
    if (!root || root.kind === 'scalar') return undefined;
    roots.push(root);
    const next = reading.lines[reading.line];
    if (next && !isMarker(content, next)) return undefined;
    reading.before = reading.line;
  }
  return roots;
}

interface Line {
  readonly start: number;
  readonly end: number;
  /** How many spaces it begins with; -1 where there is nothing but them or a comment. */
  readonly indent: number;
}

interface Reading {
  readonly text: Text;
  readonly content: string;
  readonly lines: readonly Line[];
  /** The next line that something is made of. */
  line: number;
  before?: number;
}

function linesOf(content: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < content.length; ) {
    const stop = content.indexOf('\n', start);
    const end = stop === -1 ? content.length : stop;
    let at = start;
    while (at < end && content.charCodeAt(at) === 0x20) at++;
    lines.push({ start, end, indent: at === end || content.charCodeAt(at) === 0x23 ? -1 : at - start });
    start = end + 1;
  }
  return lines;
}

const NOTHING: Line = { start: 0, end: 0, indent: -1 };
const lineAt = (reading: Reading): Line => reading.lines[reading.line] ?? NOTHING;

function skipBlank(reading: Reading): void {
  while (reading.line < reading.lines.length && lineAt(reading).indent === -1) reading.line++;
}

/** `---`, and nothing behind it. */
const isMarker = (content: string, line: Line | undefined): boolean =>
  line?.indent === 0 && line.end - line.start === 3 && content.startsWith('---', line.start);

/** How far the line goes in that is to be read next; -1 at the end of the document. */
function indentHere(reading: Reading): number {
  const line = reading.lines[reading.line];
  return line && !isMarker(reading.content, line) ? line.indent : -1;
}

const isDash = (content: string, at: number): boolean =>
  content.charCodeAt(at) === 0x2d && isBlank(content.charCodeAt(at + 1));

/** Further in than anybody writes; each level of nesting takes a column at least, and some of the stack. */
const FURTHEST = 400;

/** The block that begins at an offset of the line, of which all lines begin in that column. */
function blockAt(reading: Reading, at: number, column: number): YamlNode | undefined {
  if (column > FURTHEST) return undefined;
  return isDash(reading.content, at) ? listAt(reading, at, column) : mapAt(reading, at, column);
}

function listAt(reading: Reading, first: number, column: number): YamlNode | undefined {
  const items: YamlNode[] = [];
  let at = first;
  let end = first;
  for (;;) {
    const item = valueAt(reading, at + 1, column, false);
    if (!item) return undefined;
    items.push(item);
    end = item.end;
    const line = lineAt(reading);
    at = line.start + column;
    if (indentHere(reading) !== column || !isDash(reading.content, at)) break;
  }
  if (indentHere(reading) > column) return undefined;
  return { kind: 'list', text: reading.text, start: first, end, items };
}

function mapAt(reading: Reading, first: number, column: number): YamlNode | undefined {
  const entries = new Map<string, YamlEntry>();
  let at = first;
  let end = first;
  for (;;) {
    const key = keyAt(reading, at);
    // Doubled keys, and those that merge, are told of or followed by the whole parser.
    if (!key || entries.has(key.scalar.source) || key.scalar.source === '<<') return undefined;
    const value = valueAt(reading, key.after, column, true);
    if (!value) return undefined;
    entries.set(key.scalar.source, { key: key.scalar, value });
    end = value.end;
    if (indentHere(reading) !== column) break;
    at = lineAt(reading).start + column;
    if (isDash(reading.content, at)) return undefined;
  }
  if (indentHere(reading) > column) return undefined;
  return { kind: 'map', text: reading.text, start: first, end, entries } satisfies YamlMap;
}

/** A key and its colon, behind which a space or the end of the line stands. */
function keyAt(reading: Reading, at: number): { scalar: YamlScalar; after: number } | undefined {
  const { content } = reading;
  const found = inlineAt(reading.text, at, lineAt(reading).end, 'key');
  if (found?.node.kind !== 'scalar' || content.charCodeAt(found.after) !== 0x3a) return undefined;
  return isBlank(content.charCodeAt(found.after + 1))
    ? { scalar: found.node, after: found.after + 1 }
    : undefined;
}

/** What stands behind a dash or a colon: on the line, or on those below it that go in further. */
function valueAt(reading: Reading, from: number, column: number, ofKey: boolean): YamlNode | undefined {
  const { content, text } = reading;
  const line = lineAt(reading);
  let at = from;
  while (at < line.end && content.charCodeAt(at) === 0x20) at++;
  if (at >= line.end || (content.charCodeAt(at) === 0x23 && at > from))
    return below(reading, from, column, ofKey);
  if (content.charCodeAt(at) === 0x7c) return literalAt(reading, at, column);
  if (!ofKey && (isDash(content, at) || keyAt(reading, at))) {
    return blockAt(reading, at, at - line.start);
  }
  const code = content.charCodeAt(at);
  const found: Inline | undefined =
    code === 0x5b || code === 0x7b ? flowAt(text, at, column + 1) : inlineAt(text, at, line.end, 'value');
  if (!found) return undefined;
  return closed(reading, found, column) ? found.node : undefined;
}

/** Nothing but a comment may follow on its last line, and no line that would go on with it. */
function closed(reading: Reading, { node, after }: Inline, column: number): boolean {
  while (reading.line < reading.lines.length && lineAt(reading).end < after) reading.line++;
  const { content } = reading;
  const { end } = lineAt(reading);
  let at = after;
  while (at < end && content.charCodeAt(at) === 0x20) at++;
  if (at < end && (content.charCodeAt(at) !== 0x23 || at === after)) return false;
  reading.line++;
  skipBlank(reading);
  return indentHere(reading) <= column && node.end <= after;
}

function below(reading: Reading, from: number, column: number, ofKey: boolean): YamlNode | undefined {
  reading.line++;
  skipBlank(reading);
  const indent = indentHere(reading);
  const at = lineAt(reading).start + Math.max(indent, 0);
  if (indent > column) return blockAt(reading, at, indent);
  // A list may stand in the column of the key that it belongs to.
  if (ofKey && indent === column && isDash(reading.content, at)) return listAt(reading, at, column);
  return {
    kind: 'scalar',
    text: reading.text,
    start: from,
    end: from,
    value: null,
    source: '',
    plain: true,
    block: false,
  };
}

/** `|`, `|-` and `|+`. */
function literalAt(reading: Reading, at: number, column: number): YamlNode | undefined {
  const { content, text } = reading;
  const header = /^\|([-+]?) *$/.exec(content.slice(at, Math.min(lineAt(reading).end, at + 80)));
  if (!header) return undefined;
  const first = reading.line + 1;
  let line = first;
  while (line < reading.lines.length && isEmpty(reading, line)) line++;
  const indent = spacesOf(reading, line);
  if (line >= reading.lines.length || indent <= column || line > first) return undefined;
  const parts: string[] = [];
  let end = at;
  for (; line < reading.lines.length; line++) {
    const { start, end: stop } = reading.lines[line] ?? NOTHING;
    if (isEmpty(reading, line)) parts.push(content.slice(Math.min(start + indent, stop), stop));
    else if (spacesOf(reading, line) < indent) break;
    else {
      parts.push(content.slice(start + indent, stop));
      end = stop;
    }
  }
  reading.line = line;
  skipBlank(reading);
  const body = parts.join('\n');
  const trimmed = body.replace(/\n+$/, '');
  if (/ $/.test(parts.at(-1) ?? '') || header[1] === '+') return undefined;
  const value = header[1] === '-' ? trimmed : `${trimmed}\n`;
  return { kind: 'scalar', text, start: at, end, value, source: value, plain: false, block: true };
}

const isEmpty = ({ content, lines }: Reading, line: number): boolean => {
  const { start, end } = lines[line] ?? NOTHING;
  for (let at = start; at < end; at++) if (content.charCodeAt(at) !== 0x20) return false;
  return true;
};

function spacesOf({ content, lines }: Reading, line: number): number {
  const { start, end } = lines[line] ?? NOTHING;
  let at = start;
  while (at < end && content.charCodeAt(at) === 0x20) at++;
  return at - start;
}
