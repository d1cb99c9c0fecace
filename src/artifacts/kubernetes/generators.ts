import { lineStarts, type Text } from '../text.ts';
import { at, itemsOf, textOfNode, type YamlMap, type YamlNode, type YamlScalar } from '../yaml.ts';
import type { KubernetesObject } from './object.ts';
import { put, scalarLike } from './patch.ts';

/** The text of a file beside the kustomization; undefined where the set does not hold it. */
type Reader = (path: string) => Text | undefined;

const GENERATORS = { ConfigMap: 'configMapGenerator', Secret: 'secretGenerator' } as const;

/** The objects, and with them the ConfigMaps and Secrets that generators make, add to or make anew. */
export function withGenerated(
  body: YamlNode,
  read: Reader,
  objects: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  let all = objects;
  for (const kind of ['ConfigMap', 'Secret'] as const)
    for (const item of itemsOf(at(body, GENERATORS[kind]))) {
      const made = objectOf(kind, item, read);
      if (!made) continue;
      const behavior = textOfNode(at(item, 'behavior'));
      const i = all.findIndex(each => each.kind === kind && each.name === made.name);
      const before = all[i];
      if (!before || !/^(?:merge|replace)$/.test(behavior ?? '')) all = [...all, made];
      else all = all.with(i, behavior === 'merge' ? added(before, made) : made);
    }
  return all;
}

/** One without data is one of which not all is known. */
function objectOf(kind: keyof typeof GENERATORS, item: YamlNode, read: Reader): KubernetesObject | undefined {
  const [name, nameNode] = [textOfNode(at(item, 'name')), at(item, 'name')];
  if (item.kind !== 'map' || !name || !nameNode) return undefined;
  const pairs = pairsOf(item, read);
  let root = put({ ...item, entries: new Map() }, ['apiVersion'], scalarLike('v1', item));
  root = put(root, ['kind'], scalarLike(kind, item));
  root = put(root, ['metadata', 'name'], nameNode);
  if (pairs) root = put(root, ['data'], mapping(item, pairs));
  return { apiVersion: 'v1', kind, name, namespace: undefined, root: root as YamlMap };
}

function added(base: KubernetesObject, more: KubernetesObject): KubernetesObject {
  const [before, after] = [base, more].map(each => at(each.root, 'data'));
  const entries = new Map(base.root.entries);
  if (before?.kind === 'map' && after?.kind === 'map')
    return {
      ...base,
      root: put(base.root, ['data'], {
        ...before,
        entries: new Map([...before.entries, ...after.entries]),
      }) as YamlMap,
    };
  entries.delete('data');
  return { ...base, root: { ...base.root, entries } };
}

interface Pair {
  readonly key: YamlScalar;
  readonly value: YamlScalar;
}

const mapping = (near: YamlMap, pairs: readonly Pair[]): YamlMap => ({
  ...near,
  entries: new Map(pairs.map(pair => [pair.key.source, pair])),
});

/** What literals, env files and files give; undefined where one of the files is not in the set. */
function pairsOf(item: YamlMap, read: Reader): readonly Pair[] | undefined {
  const listed = (key: string) => itemsOf(at(item, key));
  const literals = listed('literals').flatMap(literal => {
    const pair = split(textOfNode(literal) ?? '');
    return pair
      ? [{ key: scalarLike(pair.key, literal), value: scalarLike(unquoted(pair.value), literal) }]
      : [];
  });
  const single = at(item, 'env');
  const envs = [...listed('envs'), ...(single ? [single] : [])].map(node => {
    const text = read(textOfNode(node) ?? '');
    return text && linesOf(text);
  });
  if (envs.some(each => each === undefined)) return undefined;
  const files = listed('files').map(node => fileOf(node, read));
  return [...literals, ...envs.flatMap(each => each ?? []), ...files];
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

function split(text: string): { key: string; value: string } | undefined {
  const equals = text.indexOf('=');
  return equals > 0 ? { key: text.slice(0, equals), value: text.slice(equals + 1) } : undefined;
}

/**
 * As kustomize reads an env file: all behind the first = is the value, quotes too; a name alone takes its value from
 * whoever builds. https://github.com/kubernetes-sigs/kustomize/blob/master/api/kv/kv.go
 */
function linesOf(text: Text): readonly Pair[] {
  const { content } = text;
  return lineStarts(content).flatMap(start => {
    const stop = content.indexOf('\n', start);
    const whole = content.slice(start, stop === -1 ? content.length : stop).replace(/\r$/, '');
    const line = whole.trimStart();
    if (line === '' || line.startsWith('#')) return [];
    const at = start + whole.length - line.length;
    const { key, value } = split(line) ?? { key: line, value: undefined };
    const behind = at + key.length + 1;
    return [
      {
        key: scalar(text, at, key),
        value: scalar(text, value === undefined ? at : behind, value),
      },
    ];
  });
}

/** `key=path`, or the path, whose last part is the key then. */
function fileOf(node: YamlNode, read: Reader): Pair {
  const source = textOfNode(node) ?? '';
  const { key, value: path } = split(source) ?? { key: source.split('/').at(-1) ?? '', value: source };
  const text = read(path);
  return {
    key: scalarLike(key, node),
    value: text ? scalar(text, 0, text.content) : { ...scalarLike('', node), value: null },
  };
}

const scalar = (text: Text, start: number, source: string | undefined): YamlScalar => ({
  kind: 'scalar',
  text,
  start,
  end: start + (source?.length ?? 0),
  value: source ?? null,
  source: source ?? '',
  plain: true,
  block: false,
});
