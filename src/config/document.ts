import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';

/** Something in the file that no configuration has, and where it stands. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const DEEPEST = 40;
const CORE_TAGS = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

/** Parses one document and refuses what has no meaning here. Throws Refusal, or what the parser throws. */
export function parseOne(text: string, lineCounter: LineCounter): Document {
  // Keys are compared below: the parser's own comparison takes quadratic time.
  const document = parseDocument(text, {
    lineCounter,
    merge: true,
    prettyErrors: false,
    logLevel: 'error',
    uniqueKeys: false,
  });
  const first = document.errors[0];
  if (first) throw new Refusal(inWords(first.code, first.message), first.pos[0]);
  inspect(document, document.contents, []);
  return document;
}

function inWords(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'tabs cannot indent YAML; use spaces';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; one file holds one configuration';
  if (/call stack/i.test(message)) return 'nested too deeply to be read';
  const text = (message.split('\n')[0] ?? message).replace(/[:.]$/, '');
  if (code === 'UNEXPECTED_TOKEN' || /^Missing , or :|^Nested mappings|^Implicit keys/.test(text))
    return `not valid YAML: ${text}; quote a value that holds { } [ ] , # & * ! | > or ": "`;
  return `not valid YAML: ${text}`;
}

function inspect(document: Document, node: unknown, ancestors: readonly Node[]): void {
  if (!isNode(node)) return;
  const offset = node.range?.[0] ?? 0;
  if (ancestors.length > DEEPEST)
    throw new Refusal(`nested more than ${DEEPEST} levels deep; no configuration is`, offset);
  if (isAlias(node)) {
    const target = node.resolve(document);
    if (!target)
      throw new Refusal(`*${node.source} refers to an anchor that does not stand before it`, offset);
    if (ancestors.includes(target))
      throw new Refusal(`*${node.source} stands inside of what it repeats`, offset);
    return;
  }
  if (node.tag !== undefined && !CORE_TAGS.test(node.tag))
    throw new Refusal(`the tag ${written(node.tag)} has no meaning here; write the value without it`, offset);
  const below = [...ancestors, node];
  if (isSeq(node)) for (const item of node.items) inspect(document, isPair(item) ? item.value : item, below);
  if (isMap(node)) inspectMap(document, node, below);
}

function inspectMap(document: Document, node: YAMLMap, below: readonly Node[]): void {
  const seen = new Set<string>();
  for (const pair of node.items) {
    const key = keyOf(pair, node);
    if (seen.has(key))
      throw new Refusal(`the key "${key}" stands twice here; the first is above`, offsetOf(pair.key));
    if (key !== '<<') seen.add(key);
    if (key === 'env' && isMap(pair.value)) keepAsWritten(pair.value);
    inspect(document, pair.value, below);
  }
}

function keyOf(pair: Pair, map: YAMLMap): string {
  const { key } = pair;
  if (!isScalar(key) || key.value === null || typeof key.value === 'object')
    throw new Refusal('a key is plain text here', offsetOf(key) || (map.range?.[0] ?? 0));
  const name = String(key.value);
  if (name === '__proto__') throw new Refusal('no key is named __proto__', offsetOf(key));
  return name;
}

const offsetOf = (node: unknown): number => (isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0);

const written = (tag: string) => tag.replace('tag:yaml.org,2002:', '!!');

/** In `env`, 1.10, 0755 and True reach the program as they are written, not as YAML reads them. */
function keepAsWritten(map: YAMLMap): void {
  for (const { value } of map.items)
    if (isScalar(value) && ['number', 'boolean'].includes(typeof value.value) && value.source)
      value.value = value.source;
}
