import { at, entriesOf, itemsOf, textOfNode, textWithin, type YamlNode } from '../yaml.ts';
import { readYaml } from '../yaml-reader.ts';
import { CLUSTER_KINDS, type KubernetesObject, podTemplate, podTemplatePath } from './object.ts';
import { objectsOf } from './parse.ts';
import { isOperations, operations, put, scalarLike, strategic } from './patch.ts';

export interface Patch {
  readonly node: YamlNode;
  /** Which objects; of a strategic patch those that it names itself. */
  readonly target: YamlNode | undefined;
}

/** Every patch of a kustomization, inline or in a file of its own. */
export function patchesOf(body: YamlNode, read: (path: string) => readonly YamlNode[]): readonly Patch[] {
  const inline = (node: YamlNode): readonly YamlNode[] =>
    node.kind === 'scalar' ? readYaml(textWithin(node)).roots : [node];
  const listed = ['patches', 'patchesJson6902']
    .flatMap(key => itemsOf(at(body, key)))
    .flatMap(item => {
      const [path, patch, target] = [textOfNode(at(item, 'path')), at(item, 'patch'), at(item, 'target')];
      const nodes = path ? read(path) : patch ? inline(patch) : [];
      return nodes.map(node => ({ node, target }));
    });
  const merges = itemsOf(at(body, 'patchesStrategicMerge')).flatMap(item => {
    const path = textOfNode(item);
    const nodes = path && !path.includes('\n') ? read(path) : inline(item);
    return nodes.map(node => ({ node, target: undefined }));
  });
  return [...merges, ...listed];
}

/** Patches first, then namespace, names, labels, images and replicas, as kustomize orders them. */
export function transformed(
  body: YamlNode,
  patches: readonly Patch[],
  objects: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const patched = objects.flatMap(object => {
    const applying = patches.filter(patch => isFor(patch, object));
    if (applying.some(({ node }) => textOfNode(at(node, '$patch')) === 'delete')) return [];
    const root = applying.reduce<YamlNode>(
      (node, patch) =>
        isOperations(patch.node) ? operations(node, patch.node) : strategic(node, patch.node),
      object.root,
    );
    return root === object.root ? [object] : objectsOf(root);
  });
  return patched
    .map(object => withNames(body, object))
    .map(object => withLabels(body, object))
    .map(object => withImages(body, object))
    .map(object => withReplicas(body, object));
}

/** Whether a patch is meant for an object. */
export function isFor({ node, target }: Patch, object: KubernetesObject): boolean {
  const wanted = target ?? node;
  const is = (value: string | undefined, given: string | undefined) =>
    value === undefined || value === given || (target !== undefined && matches(value, given ?? ''));
  const [kind, name] = target
    ? [textOfNode(at(target, 'kind')), textOfNode(at(target, 'name'))]
    : [textOfNode(at(wanted, 'kind')), textOfNode(at(wanted, 'metadata', 'name'))];
  if (!target && (kind === undefined || name === undefined)) return false;
  // Selectors by label are not followed: the patch is then taken to be for none.
  if (at(target, 'labelSelector') || at(target, 'annotationSelector')) return false;
  return is(kind, object.kind) && is(name, object.name);
}

/** Names of targets are regular expressions; the usual ones are a name or .*. */
const matches = (pattern: string, name: string): boolean =>
  pattern === '.*' || (/^[\w-]+\.\*$/.test(pattern) && name.startsWith(pattern.slice(0, -2)));

function rebuilt(object: KubernetesObject, root: YamlNode): KubernetesObject {
  return objectsOf(root)[0] ?? object;
}

function withNames(body: YamlNode, object: KubernetesObject): KubernetesObject {
  const [namespace, prefix, suffix] = ['namespace', 'namePrefix', 'nameSuffix'].map(key => at(body, key));
  let root: YamlNode = object.root;
  if (namespace && !CLUSTER_KINDS.has(object.kind)) root = put(root, ['metadata', 'namespace'], namespace);
  const near = prefix ?? suffix;
  if (near && object.name) {
    const name = `${textOfNode(prefix) ?? ''}${object.name}${textOfNode(suffix) ?? ''}`;
    root = put(root, ['metadata', 'name'], { ...scalarLike(name, at(root, 'metadata', 'name') ?? near) });
  }
  return root === object.root ? object : rebuilt(object, root);
}

function withLabels(body: YamlNode, object: KubernetesObject): KubernetesObject {
  const common = [
    { pairs: at(body, 'commonLabels'), selectors: true },
    ...itemsOf(at(body, 'labels')).map(item => ({
      pairs: at(item, 'pairs'),
      selectors: textOfNode(at(item, 'includeSelectors')) === 'true',
    })),
  ];
  let root: YamlNode = object.root;
  for (const { pairs, selectors } of common)
    for (const { key, value } of entriesOf(pairs)) {
      root = put(root, ['metadata', 'labels', key.source], value);
      if (!selectors) continue;
      const template = podTemplatePath(object.kind);
      if (template && template.length > 0)
        root = put(root, [...template, 'metadata', 'labels', key.source], value);
      if (at(root, 'spec', 'selector', 'matchLabels'))
        root = put(root, ['spec', 'selector', 'matchLabels', key.source], value);
      else if (object.kind === 'Service' && at(root, 'spec', 'selector'))
        root = put(root, ['spec', 'selector', key.source], value);
    }
  return root === object.root ? object : rebuilt(object, root);
}

function withImages(body: YamlNode, object: KubernetesObject): KubernetesObject {
  const images = itemsOf(at(body, 'images'));
  const path = podTemplatePath(object.kind);
  if (images.length === 0 || !path || !podTemplate(object)) return object;
  let root: YamlNode = object.root;
  for (const list of ['containers', 'initContainers']) {
    const place = [...path, 'spec', list];
    const containers = at(root, ...place);
    if (containers?.kind !== 'list') continue;
    root = put(root, place, {
      ...containers,
      items: containers.items.map(container => withImage(container, images)),
    });
  }
  return rebuilt(object, root);
}

function withImage(container: YamlNode, images: readonly YamlNode[]): YamlNode {
  const image = at(container, 'image');
  const [, name, rest = ''] = /^(.*?)((?::[^:/@]+)?(?:@.*)?)$/.exec(textOfNode(image) ?? '') ?? [];
  const change = images.find(each => textOfNode(at(each, 'name')) === name);
  if (!image || !change || !name) return container;
  const [newName, tag, digest] = ['newName', 'newTag', 'digest'].map(key => textOfNode(at(change, key)));
  const behind = digest ? `@${digest}` : tag ? `:${tag}` : rest;
  return put(
    container,
    ['image'],
    scalarLike(`${newName ?? name}${behind}`, at(change, 'newTag') ?? at(change, 'digest') ?? change),
  );
}

function withReplicas(body: YamlNode, object: KubernetesObject): KubernetesObject {
  const change = itemsOf(at(body, 'replicas')).find(each => textOfNode(at(each, 'name')) === object.name);
  const count = at(change, 'count');
  if (!count || !/^(?:Deployment|ReplicaSet|StatefulSet)$/.test(object.kind)) return object;
  return rebuilt(object, put(object.root, ['spec', 'replicas'], count));
}
