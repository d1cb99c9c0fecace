import type { Text } from './text.ts';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml.ts';

/** A node that was read, and where the reading goes on. */
export interface Inline {
  readonly node: YamlNode;
  readonly after: number;
}

type Within = 'flow' | 'key' | 'value';

/** A space, the end of a line, or that of the text. */
export const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || Number.isNaN(code);

/** What no plain scalar begins with: , [ ] { } # & * ! | > ' " % @ ` */
const INDICATORS = new Set([...',[]{}#&*!|>\'"%@`'].map(char => char.charCodeAt(0)));

/** A scalar that ends before `limit`. */
export function inlineAt(text: Text, at: number, limit: number, within: Within): Inline | undefined {
  const code = text.content.charCodeAt(at);
  if (code === 0x22) return doubleAt(text, at, limit);
  if (code === 0x27) return singleAt(text, at, limit);
  if (INDICATORS.has(code)) return undefined;
  return plainAt(text, at, limit, within);
}

function plainAt(text: Text, start: number, limit: number, within: Within): Inline | undefined {
  const { content } = text;
  const first = content.charCodeAt(start);
  // - ? : are indicators before a blank only.
  if ((first === 0x2d || first === 0x3f || first === 0x3a) && isBlank(content.charCodeAt(start + 1)))
    return undefined;
  let at = start;
  let end = start;
  for (; at < limit; at++) {
    const code = content.charCodeAt(at);
    if (
      code === 0x3a &&
      (isBlank(content.charCodeAt(at + 1)) || (within === 'flow' && isFlow(content.charCodeAt(at + 1))))
    ) {
      if (within === 'value') return undefined;
      break;
    }
    if (code === 0x23 && content.charCodeAt(at - 1) === 0x20) break;
    if (within === 'flow' && (isFlow(code) || code === 0x0a)) break;
    if (code !== 0x20) end = at + 1;
  }
  if (end === start) return undefined;
  const source = content.slice(start, end);
  return { node: scalar(text, start, end, resolved(source), source, true), after: end };
}

const isFlow = (code: number): boolean =>
  code === 0x2c || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;

/** https://yaml.org/spec/1.2.2/#103-core-schema */
function resolved(source: string): YamlScalar['value'] {
  const code = source.charCodeAt(0);
  // Only what begins with a digit, a sign or a dot is a number.
  if ((code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x2e)
    return number(source);
  switch (source) {
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    default:
      return source;
  }
}

function number(source: string): string | number {
  if (/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(source)) return Number(source);
  if (/^0o[0-7]+$/.test(source) || /^0x[\da-fA-F]+$/.test(source)) return Number(source);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(source) ? Number.NaN : source;
}

function singleAt(text: Text, start: number, limit: number): Inline | undefined {
  const { content } = text;
  for (let at = start + 1; at < limit; at++) {
    if (content.charCodeAt(at) === 0x0a) return undefined;
    if (content.charCodeAt(at) !== 0x27) continue;
    if (content.charCodeAt(at + 1) === 0x27) at++;
    else {
      const value = content.slice(start + 1, at).replaceAll("''", "'");
      return { node: scalar(text, start, at + 1, value, value, false), after: at + 1 };
    }
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  n: '\n',
  t: '\t',
  r: '\r',
};

function doubleAt(text: Text, start: number, limit: number): Inline | undefined {
  const { content } = text;
  let value = '';
  let from = start + 1;
  for (let at = from; at < limit; at++) {
    const code = content.charCodeAt(at);
    if (code === 0x0a) return undefined;
    if (code === 0x22) {
      value += content.slice(from, at);
      return { node: scalar(text, start, at + 1, value, value, false), after: at + 1 };
    }
    if (code !== 0x5c) continue;
    const meant = ESCAPES[content.charAt(at + 1)];
    if (meant === undefined) return undefined;
    value += content.slice(from, at) + meant;
    from = at + 2;
    at++;
  }
  return undefined;
}

const scalar = (
  text: Text,
  start: number,
  end: number,
  value: YamlScalar['value'],
  source: string,
  plain: boolean,
): YamlScalar => ({
  kind: 'scalar',
  text,
  start,
  end,
  value,
  source,
  plain,
  block: false,
});

const DEEPEST = 50;

/** `{…}` or `[…]`, over several lines where these go in at least as far as `column`. */
export function flowAt(text: Text, at: number, column: number, depth = 0): Inline | undefined {
  if (depth > DEEPEST) return undefined;
  const isMap = text.content.charCodeAt(at) === 0x7b;
  const [entries, items]: [Map<string, YamlEntry>, YamlNode[]] = [new Map(), []];
  const close = isMap ? 0x7d : 0x5d;
  let here = skip(text.content, at + 1, column);
  while (here !== undefined && text.content.charCodeAt(here) !== close) {
    const after = isMap
      ? entryAt(text, here, column, depth, entries)
      : itemAt(text, here, column, depth, items);
    if (after === undefined) return undefined;
    here = skip(text.content, after, column);
    if (here === undefined) return undefined;
    if (text.content.charCodeAt(here) === 0x2c) here = skip(text.content, here + 1, column);
    else if (text.content.charCodeAt(here) !== close) return undefined;
  }
  if (here === undefined) return undefined;
  const end = here + 1;
  const node: YamlNode = isMap
    ? { kind: 'map', text, start: at, end, entries }
    : { kind: 'list', text, start: at, end, items };
  return { node, after: end };
}

function nodeAt(text: Text, at: number, column: number, depth: number): Inline | undefined {
  const code = text.content.charCodeAt(at);
  if (code === 0x7b || code === 0x5b) return flowAt(text, at, column, depth + 1);
  return inlineAt(text, at, text.content.length, 'flow');
}

function itemAt(
  text: Text,
  at: number,
  column: number,
  depth: number,
  items: YamlNode[],
): number | undefined {
  const found = nodeAt(text, at, column, depth);
  if (!found) return undefined;
  items.push(found.node);
  // `[a: b]` is a mapping of one pair.
  const next = skip(text.content, found.after, column);
  return next === undefined || text.content.charCodeAt(next) === 0x3a ? undefined : found.after;
}

function entryAt(
  text: Text,
  at: number,
  column: number,
  depth: number,
  entries: Map<string, YamlEntry>,
): number | undefined {
  const { content } = text;
  const key = inlineAt(text, at, content.length, 'flow');
  if (key?.node.kind !== 'scalar' || content.charCodeAt(key.after) !== 0x3a) return undefined;
  if (entries.has(key.node.source) || key.node.source === '<<') return undefined;
  // Behind a quoted key, as in JSON, no blank is needed.
  if (key.node.plain && !isBlank(content.charCodeAt(key.after + 1))) return undefined;
  const start = skip(content, key.after + 1, column);
  const code = start === undefined ? 0x2c : content.charCodeAt(start);
  if (start === undefined || code === 0x2c || code === 0x7d) return undefined;
  const value = nodeAt(text, start, column, depth);
  if (!value) return undefined;
  const next = skip(content, value.after, column);
  if (next === undefined || content.charCodeAt(next) === 0x3a) return undefined;
  entries.set(key.node.source, { key: key.node, value: value.node });
  return value.after;
}

/** Over spaces, comments and ends of lines; undefined where a line goes in too little, or the text is over. */
function skip(content: string, from: number, column: number): number | undefined {
  let at = from;
  for (;;) {
    const code = content.charCodeAt(at);
    if (code === 0x20) at++;
    else if (code === 0x23 && (content.charCodeAt(at - 1) === 0x20 || content.charCodeAt(at - 1) === 0x0a)) {
      const end = content.indexOf('\n', at);
      if (end === -1) return undefined;
      at = end;
    } else if (code === 0x0a) {
      let next = at + 1;
      while (content.charCodeAt(next) === 0x20) next++;
      const isText = content.charCodeAt(next) !== 0x0a && content.charCodeAt(next) !== 0x23;
      if (isText && next - at - 1 < column) return undefined;
      at = next;
    } else return Number.isNaN(code) ? undefined : at;
  }
}
