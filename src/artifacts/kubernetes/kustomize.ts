import type { AnyDocument, Document } from '../document.ts';
import { beside, type Text } from '../text.ts';
import { at, itemsOf, textOfNode, type YamlNode } from '../yaml.ts';
import { readYaml } from '../yaml-reader.ts';
import { withGenerated } from './generators.ts';
import type { KubernetesObject } from './object.ts';
import { patchesOf, transformed } from './transform.ts';

type Kustomization = Document<'kustomization'>;

const folderOf = (name: string): string => name.split('/').slice(0, -1).join('/');
const DEEPEST = 16;

/** What a reference leads to: another kustomization, or a manifest. */
function referenced(from: Kustomization, path: string, set: readonly AnyDocument[]): readonly AnyDocument[] {
  const wanted = beside(from.name, path);
  if (wanted === undefined) return [];
  return set.filter(each => (each.kind === 'kustomization' ? folderOf(each.name) : each.name) === wanted);
}

const KEYS = ['resources', 'bases', 'components'];

function references(document: Kustomization, set: readonly AnyDocument[]): readonly AnyDocument[] {
  return KEYS.flatMap(key => itemsOf(at(document.body, key))).flatMap(item =>
    referenced(document, textOfNode(item) ?? '', set),
  );
}

/** Every object that `kustomize build` would give for it. */
export function built(
  document: Kustomization,
  set: readonly AnyDocument[],
  depth = 0,
): readonly KubernetesObject[] {
  if (depth > DEEPEST) return [];
  const objects = ['resources', 'bases']
    .flatMap(key => itemsOf(at(document.body, key)))
    .flatMap(item =>
      referenced(document, textOfNode(item) ?? '', set).flatMap(each =>
        objectsIn(each, document, set, depth),
      ),
    );
  const components = itemsOf(at(document.body, 'components')).flatMap(item =>
    referenced(document, textOfNode(item) ?? '', set).filter(
      (each): each is Kustomization => each.kind === 'kustomization',
    ),
  );
  let all = withGenerated(document.body, path => textAt(document, path, set), objects);
  for (const component of components)
    all = applied(component, all.concat(built(component, set, depth + 1)), set);
  return applied(document, all, set);
}

const applied = (
  document: Kustomization,
  objects: readonly KubernetesObject[],
  set: readonly AnyDocument[],
) =>
  transformed(
    document.body,
    patchesOf(document.body, path => nodesAt(document, path, set)),
    objects,
  );

function objectsIn(
  each: AnyDocument,
  from: Kustomization,
  set: readonly AnyDocument[],
  depth: number,
): readonly KubernetesObject[] {
  if (each.kind === 'kustomization') return each === from ? [] : built(each, set, depth + 1);
  return each.kind === 'kubernetes' ? each.body : [];
}

/** The documents of a patch file. */
function nodesAt(from: Kustomization, path: string, set: readonly AnyDocument[]): readonly YamlNode[] {
  const text = textAt(from, path, set);
  return text ? readYaml(text).roots : [];
}

function textAt(from: Kustomization, path: string, set: readonly AnyDocument[]): Text | undefined {
  const wanted = beside(from.name, path);
  return set.find(each => each.name === wanted)?.text;
}

const TAKEN_IN = new WeakMap<readonly AnyDocument[], ReadonlySet<AnyDocument>>();

/** Manifests and patches that a kustomization takes in: judged as what it makes of them. */
export function isTakenIn(document: AnyDocument, set: readonly AnyDocument[]): boolean {
  const known = TAKEN_IN.get(set) ?? takenIn(set);
  TAKEN_IN.set(set, known);
  return known.has(document);
}

function takenIn(set: readonly AnyDocument[]): ReadonlySet<AnyDocument> {
  const kustomizations = set.filter((each): each is Kustomization => each.kind === 'kustomization');
  const patches = new Set(kustomizations.flatMap(patchPaths));
  return new Set([
    ...kustomizations.flatMap(each => references(each, set).filter(other => other !== each)),
    ...set.filter(each => patches.has(each.name)),
  ]);
}

const patchPaths = (document: Kustomization): readonly string[] =>
  [
    ...itemsOf(at(document.body, 'patchesStrategicMerge')),
    ...['patches', 'patchesJson6902'].flatMap(key =>
      itemsOf(at(document.body, key)).flatMap(item => at(item, 'path') ?? []),
    ),
  ].flatMap(node => beside(document.name, textOfNode(node) ?? '') ?? []);

/** Objects that are applied together: a kustomization that no other takes in, or the manifests outside of any. */
export interface ObjectSet {
  readonly objects: readonly KubernetesObject[];
  readonly from: Kustomization | undefined;
}

const KNOWN = new WeakMap<readonly AnyDocument[], readonly ObjectSet[]>();

export function objectSets(set: readonly AnyDocument[]): readonly ObjectSet[] {
  const known = KNOWN.get(set);
  if (known) return known;
  const roots = set.filter(
    (each): each is Kustomization =>
      each.kind === 'kustomization' && !isComponent(each) && !isTakenIn(each, set),
  );
  const loose = set.filter(
    each => each.kind === 'kubernetes' && !isTakenIn(each, set),
  ) as Document<'kubernetes'>[];
  const sets = [
    ...roots.map(from => ({ objects: built(from, set), from })),
    ...(loose.length > 0 ? [{ objects: loose.flatMap(each => each.body), from: undefined }] : []),
  ];
  KNOWN.set(set, sets);
  return sets;
}

const isComponent = ({ body }: Kustomization): boolean => textOfNode(at(body, 'kind')) === 'Component';
