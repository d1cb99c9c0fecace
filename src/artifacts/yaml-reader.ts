import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Document as Parsed,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Fault } from './document.ts';
import type { Text } from './text.ts';
import { isNull, type YamlEntry, type YamlNode, type YamlScalar } from './yaml.ts';
import { readPlainYaml } from './yaml-fast.ts';

/** More than anybody writes, and few enough to be gone through at once. */
const MOST_NODES = 100_000;
const DEEPEST = 200;

interface YamlStream {
  /** One for each document of the file that is not empty. */
  readonly roots: readonly YamlNode[];
  readonly faults: readonly Fault[];
}

const KNOWN = new WeakMap<Text, YamlStream>();

/** The documents of a YAML or JSON text. Several kinds may ask for one text, which is parsed once. */
export function readYaml(text: Text): YamlStream {
  const known = KNOWN.get(text);
  if (known) return known;
  const plain = readPlainYaml(text);
  const stream = plain ? { roots: plain, faults: [] } : readAnyYaml(text);
  KNOWN.set(text, stream);
  return stream;
}

class Refusal extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

/** All of YAML, at the price of it. */
export function readAnyYaml(text: Text): YamlStream {
  const nesting = deepestBracket(text.content);
  if (nesting > DEEPEST)
    return broken(0, `brackets nested ${nesting} deep; nobody reads more than ${DEEPEST}`);
  let documents: Parsed.Parsed[];
  try {
    documents = [
      ...parseAllDocuments(text.content, { logLevel: 'silent', version: '1.2', keepSourceTokens: false }),
    ] as Parsed.Parsed[];
  } catch (error) {
    return broken(0, `it cannot be parsed as YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  const faults: Fault[] = [];
  const roots: YamlNode[] = [];
  for (const document of documents) {
    const error = document.errors[0];
    if (error) {
      faults.push(fault(error.pos[0], sentence(error.message)));
      continue;
    }
    try {
      const root = document.contents && convert(text, document, document.contents);
      if (root && !(isNull(root) && root.start === root.end)) roots.push(root);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      faults.push(fault(refusal.offset, refusal.message));
    }
  }
  return { roots, faults };
}

const fault = (offset: number, message: string): Fault => ({ rule: 'file/unreadable', offset, message });
const broken = (offset: number, message: string): YamlStream => ({
  roots: [],
  faults: [fault(offset, message)],
});

/** The parser's own words, without the place and excerpt that it adds to them. */
const sentence = (message: string): string =>
  `it is no valid YAML: ${(message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`;

/** The parser descends by recursion: what is nested beyond sense must not reach it. */
function deepestBracket(content: string): number {
  let [depth, deepest] = [0, 0];
  for (let i = 0; i < content.length; i++) {
    const code = content.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
    else if (code === 0x0a && content.charCodeAt(i + 1) === 0x2d && content.charCodeAt(i + 2) === 0x2d)
      depth = 0;
  }
  return deepest;
}

/** Nodes of the parser → ours. An alias is the node that it names, so a bomb is counted where it would go off. */
function convert(text: Text, document: Parsed, root: Node): YamlNode {
  const conversion: Conversion = { text, document, made: new Map(), open: new Set() };
  return visit(conversion, root, 0).node;
}

interface Conversion {
  readonly text: Text;
  readonly document: Parsed;
  readonly made: Map<Node, Sized>;
  /** What is being converted: who meets it again goes in a circle. */
  readonly open: Set<Node>;
}

/** A node and how many there are in it, aliases unfolded. */
interface Sized {
  readonly node: YamlNode;
  readonly size: number;
}

function visit(within: Conversion, node: Node, depth: number): Sized {
  const { made, open } = within;
  const known = made.get(node);
  if (known) return known;
  const offset = node.range?.[0] ?? 0;
  if (depth > DEEPEST) throw new Refusal(offset, `nested more than ${DEEPEST} deep`);
  if (open.has(node)) throw new Refusal(offset, 'an alias within the value that it stands for');
  open.add(node);
  const result = build(within, node, depth);
  open.delete(node);
  if (result.size > MOST_NODES)
    throw new Refusal(offset, `its aliases unfold to more than ${MOST_NODES} values`);
  made.set(node, result);
  return result;
}

/** https://docs.docker.com/reference/compose-file/merge/#reset-value */
function build(within: Conversion, node: Node, depth: number): Sized {
  const { tag } = node as { tag?: string };
  if (tag === '!reset') return { node: { ...nothing(within, startOf(node)), replaces: true }, size: 1 };
  const { node: built, size } = builtOf(within, node, depth);
  return { node: tag === '!override' ? { ...built, replaces: true } : built, size };
}

function builtOf(within: Conversion, node: Node, depth: number): Sized {
  if (isAlias(node)) return visit(within, targetOf(within, node), depth);
  if (isMap(node)) return mapOf(within, node, depth);
  if (isSeq(node)) return listOf(within, node, depth);
  return { node: isScalar(node) ? scalarOf(within.text, node) : nothing(within, startOf(node)), size: 1 };
}

function targetOf({ document }: Conversion, alias: Alias): Node {
  const found = alias.resolve(document) as Node | undefined;
  if (!found) throw new Refusal(startOf(alias), `*${alias.source} names no anchor before it`);
  return found;
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;
const endOf = (node: Node): number => node.range?.[1] ?? 0;

const nothing = ({ text }: Conversion, at: number): YamlScalar => ({
  kind: 'scalar',
  text,
  start: at,
  end: at,
  value: null,
  source: '',
  plain: true,
  block: false,
});

function listOf(within: Conversion, node: YAMLSeq, depth: number): Sized {
  let size = 1;
  const items = node.items.map(item => {
    const visited = item
      ? visit(within, item as Node, depth + 1)
      : { node: nothing(within, endOf(node)), size: 1 };
    size += visited.size;
    return visited.node;
  });
  const end = node.flow ? endOf(node) : (items.at(-1)?.end ?? endOf(node));
  return { node: { kind: 'list', text: within.text, start: startOf(node), end, items }, size };
}

function mapOf(within: Conversion, node: YAMLMap, depth: number): Sized {
  let size = 1;
  const own = new Map<string, YamlEntry>();
  const merged: YamlNode[] = [];
  for (const { key, value } of node.items as { key: Node | null; value: Node | null }[]) {
    const keyNode = key ? visit(within, key, depth + 1).node : nothing(within, startOf(node));
    if (keyNode.kind !== 'scalar') continue;
    const visited = value ? visit(within, value, depth + 1) : { node: nothing(within, keyNode.end), size: 1 };
    size += visited.size + 1;
    if (keyNode.source === '<<' && keyNode.plain) merged.push(visited.node);
    else own.set(keyNode.source, { key: keyNode, value: visited.node });
  }
  const end = node.flow ? endOf(node) : ([...own.values()].at(-1)?.value.end ?? endOf(node));
  const entries = withMerged(own, merged);
  return { node: { kind: 'map', text: within.text, start: startOf(node), end, entries }, size };
}

/** `<<`: keys of the map itself win, then those of the first map merged. */
function withMerged(own: Map<string, YamlEntry>, merged: readonly YamlNode[]): Map<string, YamlEntry> {
  for (const map of merged.flatMap(node => (node.kind === 'list' ? node.items : [node])))
    if (map.kind === 'map') for (const [key, entry] of map.entries) if (!own.has(key)) own.set(key, entry);
  return own;
}

function scalarOf(text: Text, node: Scalar): YamlScalar {
  const plain = node.type === 'PLAIN' || node.type === undefined;
  const known = typeof node.value === 'bigint' || (typeof node.value === 'object' && node.value !== null);
  const value = (known ? String(node.value) : (node.value ?? null)) as YamlScalar['value'];
  return {
    kind: 'scalar',
    text,
    start: startOf(node),
    end: endOf(node),
    value,
    source: plain ? (node.source ?? String(value ?? '')) : String(value ?? ''),
    plain,
    block: node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED',
  };
}
