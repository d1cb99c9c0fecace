import {
  at,
  entriesOf,
  isNull,
  itemsOf,
  textOfNode,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from '../yaml.ts';

/** By which key a list of mappings is merged; the first that the items have. */
const MERGE_KEYS = ['name', 'containerPort', 'mountPath', 'port', 'ip', 'devicePath', 'topologyKey'];

/** A strategic merge: mappings are merged, lists of named things by their names, anything else is replaced. */
export function strategic(base: YamlNode, patch: YamlNode): YamlNode {
  if (base.kind === 'map' && patch.kind === 'map') return mergedMap(base, patch);
  if (base.kind === 'list' && patch.kind === 'list') {
    const key = MERGE_KEYS.find(name => [...base.items, ...patch.items].every(item => at(item, name)));
    return key && patch.items.length > 0
      ? { ...base, items: mergedItems(base.items, patch.items, key) }
      : patch;
  }
  return patch;
}

const directive = (node: YamlNode): string | undefined => textOfNode(at(node, '$patch'));

function mergedMap(base: YamlMap, patch: YamlMap): YamlNode {
  if (directive(patch) === 'replace') return without(patch, '$patch');
  const entries = new Map(base.entries);
  for (const [name, entry] of patch.entries) {
    const known = base.entries.get(name);
    if (isNull(entry.value) || directive(entry.value) === 'delete') entries.delete(name);
    else if (!name.startsWith('$'))
      entries.set(name, known ? { ...entry, value: strategic(known.value, entry.value) } : entry);
  }
  return { ...base, entries };
}

function mergedItems(base: readonly YamlNode[], patch: readonly YamlNode[], key: string): YamlNode[] {
  const nameOf = (item: YamlNode) => textOfNode(at(item, key));
  const kept = base.flatMap(item => {
    const change = patch.find(each => nameOf(each) === nameOf(item));
    if (!change) return [item];
    return directive(change) === 'delete' ? [] : [strategic(item, change)];
  });
  const added = patch.filter(
    item => !base.some(each => nameOf(each) === nameOf(item)) && directive(item) !== 'delete',
  );
  return [...kept, ...added];
}

function without(map: YamlMap, name: string): YamlMap {
  const entries = new Map(map.entries);
  entries.delete(name);
  return { ...map, entries };
}

/** RFC 6902: the operations of a list, one after the other; one that leads nowhere changes nothing. */
export const operations = (root: YamlNode, patch: YamlNode): YamlNode =>
  itemsOf(patch).reduce((node, operation) => {
    const [op, path, value] = [
      textOfNode(at(operation, 'op')),
      textOfNode(at(operation, 'path')),
      at(operation, 'value'),
    ];
    const steps = (path ?? '')
      .split('/')
      .slice(1)
      .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (steps.length === 0 || !/^(?:add|remove|replace)$/.test(op ?? '')) return node;
    return changed(node, steps, op === 'remove' ? undefined : value, op === 'add');
  }, root);

function changed(
  node: YamlNode,
  steps: readonly string[],
  value: YamlNode | undefined,
  insert: boolean,
): YamlNode {
  const [step = '', ...rest] = steps;
  if (node.kind === 'map') {
    const entry = node.entries.get(step);
    const entries = new Map(node.entries);
    if (rest.length > 0) {
      if (entry) entries.set(step, { ...entry, value: changed(entry.value, rest, value, insert) });
    } else if (value) entries.set(step, entryOf(step, value, entry));
    else entries.delete(step);
    return { ...node, entries };
  }
  if (node.kind !== 'list') return node;
  const index = step === '-' ? node.items.length : Number(step);
  const items = [...node.items];
  const item = items[index];
  if (rest.length > 0) {
    if (item) items[index] = changed(item, rest, value, insert);
  } else if (value) items.splice(index, insert ? 0 : 1, value);
  else items.splice(index, 1);
  return { ...node, items };
}

const entryOf = (name: string, value: YamlNode, known: YamlEntry | undefined): YamlEntry => ({
  key: known?.key ?? scalarLike(name, value),
  value,
});

/** A scalar that no file holds: it stands where the value does that asks for it. */
export const scalarLike = (text: string, near: YamlNode) =>
  ({
    kind: 'scalar',
    text: near.text,
    start: near.start,
    end: near.end,
    value: text,
    source: text,
    plain: true,
    block: false,
  }) as const;

/** A value put at a path, mappings on the way made where they are missing. */
export function put(node: YamlNode, path: readonly string[], value: YamlNode): YamlNode {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const map: YamlMap =
    node.kind === 'map'
      ? node
      : { kind: 'map', text: value.text, start: value.start, end: value.end, entries: new Map() };
  const entry = map.entries.get(step);
  const empty: YamlMap = { ...map, entries: new Map() };
  const entries = new Map(map.entries);
  entries.set(step, entryOf(step, put(entry?.value ?? empty, rest, value), entry));
  return { ...map, entries };
}

export const isOperations = (patch: YamlNode): boolean =>
  patch.kind === 'list' && patch.items.every(item => entriesOf(item).some(({ key }) => key.source === 'op'));
