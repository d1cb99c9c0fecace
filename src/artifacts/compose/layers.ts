import type { AnyDocument, Document } from '../document.ts';
import { beside } from '../text.ts';
import { at, entryOf, itemsOf, textOfNode, type YamlEntry, type YamlNode } from '../yaml.ts';

/** A service as compose sees it: what it extends and what overrides it, the last word last. */
export interface LayeredService {
  readonly entry: YamlEntry;
  readonly layers: readonly YamlNode[];
}

type ComposeDocument = Document<'compose'>;

const folderOf = (name: string): string => name.split('/').slice(0, -1).join('/');
const fileOf = (name: string): string => name.split('/').at(-1) ?? '';

const composeFiles = (set: readonly AnyDocument[]): readonly ComposeDocument[] =>
  set.filter((each): each is ComposeDocument => each.kind === 'compose');

/** `compose.override.yaml` of `compose.yaml`, and a `compose.prod.yaml` whose services have no image of their own. */
export function baseOf(document: ComposeDocument, set: readonly AnyDocument[]): ComposeDocument | undefined {
  const [, stem] = /^((?:docker-)?compose)\.([\w-]+)\.ya?ml$/.exec(fileOf(document.name)) ?? [];
  if (!stem || !isPartial(document)) return undefined;
  return composeFiles(set).find(
    each =>
      folderOf(each.name) === folderOf(document.name) &&
      /^(?:docker-)?compose\.ya?ml$/.test(fileOf(each.name)) &&
      fileOf(each.name).startsWith(`${stem}.y`),
  );
}

const isPartial = ({ body }: ComposeDocument): boolean =>
  body.services.some(({ value }) => !at(value, 'image') && !at(value, 'build') && !at(value, 'extends'));

/** Files that only make sense over another one, or within it: judged there. */
export function isJudgedElsewhere(document: ComposeDocument, set: readonly AnyDocument[]): boolean {
  return composeFiles(set).some(each => each !== document && includesOf(each, set).includes(document));
}

export function servicesOf(
  document: ComposeDocument,
  set: readonly AnyDocument[],
): readonly LayeredService[] {
  const base = baseOf(document, set);
  const files = [...(base ? [base, ...includesOf(base, set)] : []), ...includesOf(document, set), document];
  const found = new Map<string, { entry: YamlEntry; layers: YamlNode[] }>();
  for (const file of files)
    for (const entry of file.body.services) {
      const layers = extended(file, entry, set, 0);
      const known = found.get(entry.key.source);
      if (known) known.layers.push(...layers);
      else found.set(entry.key.source, { entry, layers: [...layers] });
      if (known && file === document) found.set(entry.key.source, { entry, layers: known.layers });
    }
  return [...found.values()].map(({ entry, layers }) => ({ entry, layers: standing(layers) }));
}

/** What stands of layers where a later one resets or overrides what they say. */
function standing(layers: readonly YamlNode[]): readonly YamlNode[] {
  return layers.map((layer, i) => layers.slice(i + 1).reduce(without, layer));
}

function without(node: YamlNode, later: YamlNode): YamlNode {
  if (node.kind !== 'map' || later.kind !== 'map') return node;
  const entries = [...node.entries].flatMap(([name, entry]): [string, YamlEntry][] => {
    const over = later.entries.get(name)?.value;
    if (over?.replaces) return [];
    return [[name, over ? { key: entry.key, value: without(entry.value, over) } : entry]];
  });
  return { ...node, entries: new Map(entries) };
}

function includesOf(document: ComposeDocument, set: readonly AnyDocument[]): readonly ComposeDocument[] {
  const paths = itemsOf(at(document.body.root, 'include')).flatMap(item => {
    const path = item.kind === 'map' ? at(item, 'path') : item;
    return [path, ...itemsOf(path)].flatMap(each => textOfNode(each) ?? []);
  });
  return paths.flatMap(path => fileAt(document, path, set) ?? []);
}

function fileAt(
  from: ComposeDocument,
  path: string,
  set: readonly AnyDocument[],
): ComposeDocument | undefined {
  const wanted = beside(from.name, path);
  return composeFiles(set).find(each => each.name === wanted);
}

const DEEPEST = 16;

/** The chain of `extends`, the farthest first; a circle ends where it would begin again. */
function extended(
  file: ComposeDocument,
  entry: YamlEntry,
  set: readonly AnyDocument[],
  depth: number,
): YamlNode[] {
  const extension = at(entry.value, 'extends');
  const name = textOfNode(extension) ?? textOfNode(at(extension, 'service'));
  if (!name || depth > DEEPEST) return [entry.value];
  const path = textOfNode(at(extension, 'file'));
  const other = path === undefined ? file : fileAt(file, path, set);
  const base = other && entryOf(at(other.body.root, 'services'), name);
  return base && base !== entry ? [...extended(other, base, set, depth + 1), entry.value] : [entry.value];
}
