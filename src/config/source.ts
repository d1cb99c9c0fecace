import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { ConfigError } from './problem.ts';

const LARGEST = 1024 * 1024;

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
  const document = parse(file, text, lines);
  const first = document.errors[0];
  if (first) {
    const at = lines.linePos(first.pos[0]);
    throw failure(file, at.line || 1, at.col || 1, remedyFor(first.message));
  }
  keepWrittenNumbers(document);
  return { file, data: toData(file, document), ...locator(document, lines) };
}

function decode(file: string, bytes: Uint8Array): string {
  if (bytes.length > LARGEST)
    throw failure(file, 1, 1, 'the file is larger than 1 MiB; a configuration is a page or two');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw failure(file, 1, 1, 'the file is not valid UTF-8; save it as UTF-8');
  }
}

function parse(file: string, text: string, lines: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, logLevel: 'silent' });
  } catch (error) {
    // The parser is recursive: what overflows its stack is nesting no configuration has.
    if (error instanceof RangeError) throw failure(file, 1, 1, 'the file is nested too deeply to be read');
    throw failure(file, 1, 1, `the file cannot be read as YAML: ${(error as Error).message}`);
  }
}

function toData(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = error instanceof RangeError ? 'nested too deeply to be read' : (error as Error).message;
    throw failure(file, 1, 1, `the file cannot be read: ${message}`);
  }
}

function remedyFor(message: string): string {
  const text = message.split('\n')[0] ?? message;
  return /tab/i.test(text) ? `${text}; indent with spaces` : `not valid YAML: ${text}`;
}

/** In `env`, 1.10 and 0755 reach the program as they are written, not as YAML counts them. */
function keepWrittenNumbers(document: Document): void {
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || pair.key.value !== 'env' || !isMap(pair.value)) return;
      for (const { value } of pair.value.items)
        if (isScalar(value) && typeof value.value === 'number' && value.source) value.value = value.source;
    },
  });
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
    const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(step));
    return pair ? { key: pair.key as Node, value: pair.value as Node | null } : {};
  }
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return { key: item, value: item ?? null };
  }
  return {};
}

const keyOf = (node: Node | null, key: string): Node | undefined => childOf(node, key).key;

const resolved = (document: Document, node: Node | null): Node | null =>
  isAlias(node) ? ((node.resolve(document) as Node | undefined) ?? null) : node;

const failure = (file: string, line: number, column: number, message: string) =>
  new ConfigError([{ path: [], message, file, line, column }]);
