import { difference } from './difference.ts';
import type { ConfigMap, KubeObject, Manifest } from './object.ts';

const find = (manifests: readonly Manifest[], { kind, metadata }: KubeObject) =>
  manifests.find(({ object }) => object.kind === kind && object.metadata.name === metadata.name);

/** A patch of one object, in a file of its own. */
interface ObjectPatch {
  readonly path: string;
  readonly kind: string;
  readonly name: string;
  readonly content: unknown;
}

const patchOf = ({ kind, metadata: { name } }: KubeObject, content: unknown): ObjectPatch => ({
  path: `patches/${name}-${kind.toLowerCase()}.yaml`,
  kind,
  name,
  content,
});

/** Steps for what changed, and an end for what the environment has not. */
export function patchesOf(
  common: readonly Manifest[],
  own: readonly Manifest[],
  commonMaps: readonly ConfigMap[],
  ownMaps: readonly ConfigMap[],
): ObjectPatch[] {
  const changed = own.flatMap(({ object }) => {
    const before = find(common, object);
    const steps = before ? difference(before.object, object) : [];
    return steps.length > 0 ? [patchOf(object, steps)] : [];
  });
  const gone = [
    ...common.map(({ object }) => object).filter(object => !find(own, object)),
    ...commonMaps
      .filter(({ name }) => !ownMaps.some(other => other.name === name))
      .map(({ name }) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })),
  ];
  return [
    ...changed,
    ...gone.map(object => {
      const { apiVersion, kind, metadata } = object;
      return patchOf(object, { $patch: 'delete', apiVersion, kind, metadata: { name: metadata.name } });
    }),
  ];
}

/** ConfigMaps that an overlay makes anew, or instead of the base's. */
export const changedMaps = (common: readonly ConfigMap[], own: readonly ConfigMap[]) =>
  own.flatMap(map => {
    const before = common.find(({ name }) => name === map.name);
    if (before && difference(before, map).length === 0) return [];
    return [{ map, isNew: before === undefined }];
  });

/** What the base has not. */
export const addedTo = (common: readonly Manifest[], own: readonly Manifest[]): Manifest[] =>
  own.filter(({ object }) => !find(common, object));
