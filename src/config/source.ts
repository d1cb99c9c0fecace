import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { parseOne, Refusal } from './document.ts';
import { ConfigError } from './problem.ts';

const LARGEST = 128 * 1024;

type Path = readonly (string | number)[];

/** A parsed file that still knows where each value stands. */
export interface Source {
  readonly file: string;
  readonly data: unknown;
  /** Line and column of the value at a path, or of its nearest ancestor; `key` asks for the key itself. */
  locate(path: Path, key?: string): { line: number; column: number };
  has(path: Path): boolean;
}

/** Reads YAML (or JSON, which is YAML) without ever throwing anything but ConfigError. */
export function parseSource(file: string, bytes: Uint8Array): Source {
  const text = decode(file, bytes);
  const lines = new LineCounter();
  try {
    const document = parseOne(text, lines);
    return { file, data: document.toJS({ maxAliasCount: 100 }), ...locator(document, lines) };
  } catch (error) {
    if (error instanceof Refusal) {
      const at = lines.linePos(error.offset);
      throw failure(file, at.line || 1, at.col || 1, error.message);
    }
    throw failure(file, 1, 1, unreadable(error as Error));
  }
}

function decode(file: string, bytes: Uint8Array): string {
  if (bytes.length > LARGEST)
    throw failure(
      file,
      1,
      1,
      `the file is larger than ${LARGEST / 1024} KiB; a configuration is a page or two`,
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw failure(file, 1, 1, 'the file is not valid UTF-8; save it as UTF-8');
  }
}

/** The parser is recursive: what overflows its stack is nesting that no configuration has. */
function unreadable(error: Error): string {
  if (error instanceof RangeError) return 'the file is nested too deeply to be read';
  if (/alias/i.test(error.message))
    return 'the file repeats itself through its aliases more often than can be read';
  return `the file cannot be read as YAML: ${error.message}`;
}

function locator(document: Document, lines: LineCounter): Pick<Source, 'locate' | 'has'> {
  const at = (node: Node | null | undefined) => {
    const position = node?.range ? lines.linePos(node.range[0]) : { line: 1, col: 1 };
    return { line: position.line || 1, column: position.col || 1 };
  };
  return {
    locate(path, key) {
      const { node, keyNode } = descend(document, path);
      return key === undefined ? at(keyNode ?? node) : at(keyOf(node, key) ?? keyNode ?? node);
    },
    has: path => descend(document, path).depth === path.length,
  };
}

/** Follows a path as far as it goes. `keyNode` is the key (or item) that leads to the last step. */
function descend(document: Document, path: Path) {
  let node = resolved(document, document.contents as Node | null);
  let keyNode: Node | undefined;
  let depth = 0;
  for (const step of path) {
    const found: { key?: Node | undefined; value?: Node | null } = childOf(node, step);
    if (found.key === undefined) break;
    keyNode = found.key;
    node = resolved(document, found.value ?? null);
    depth++;
  }
  return { node, keyNode, depth };
}

function childOf(node: Node | null, step: string | number): { key?: Node | undefined; value?: Node | null } {
  if (isMap(node)) {
    const pair = pairsOf(node).get(String(step));
    return pair ? { key: pair.key as Node, value: pair.value as Node | null } : {};
  }
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return { key: item, value: item ?? null };
  }
  return {};
}

const PAIRS = new WeakMap<YAMLMap, Map<string, Pair>>();

function pairsOf(map: YAMLMap): Map<string, Pair> {
  const known = PAIRS.get(map);
  if (known) return known;
  const pairs = new Map(
    map.items.flatMap(pair => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])),
  );
  PAIRS.set(map, pairs);
  return pairs;
}

const keyOf = (node: Node | null, key: string): Node | undefined => childOf(node, key).key;

const resolved = (document: Document, node: Node | null): Node | null =>
  isAlias(node) ? ((node.resolve(document) as Node | undefined) ?? null) : node;

const failure = (file: string, line: number, column: number, message: string) =>
  new ConfigError([{ path: [], message, file, line, column }]);
