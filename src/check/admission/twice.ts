import type { ObjectSet } from '../../artifacts/kubernetes/kustomize.ts';
import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import { at, placeOf } from '../../artifacts/yaml.ts';
import type { Finding } from '../rule.ts';
import { known } from './names.ts';
import { isWritten, titled } from './origin.ts';

/** Within one kustomization, or one text: what stands in several files may be for several places. */
export function twice({ objects, from }: ObjectSet): readonly Finding[] {
  const seen = new Map<unknown, Map<string, KubernetesObject>>();
  const what = from ? 'kustomize refuses the second' : 'the later one replaces the other';
  return objects.filter(isWritten).flatMap(object => {
    const key = keyOf(object);
    // A guide shows what goes in and what comes out.
    if (key === undefined || (from && object.root.text.within)) return [];
    const scope = from ?? object.root.text;
    const known = seen.get(scope) ?? new Map<string, KubernetesObject>();
    seen.set(scope, known);
    const other = known.get(key);
    if (!other) known.set(key, object);
    if (!other || isSame(object, other)) return [];
    return [
      {
        at: nameOf(object),
        message: `${titled(object)} is there twice; ${what}`,
        related: [{ ...nameOf(other), message: `${titled(other)} for the first time` }],
      },
    ];
  });
}

/** Whatever the version of its API; undefined where the name is only known elsewhere. */
function keyOf({ apiVersion, kind, namespace, root }: KubernetesObject): string | undefined {
  const name = known(at(root, 'metadata', 'name'));
  return name === undefined
    ? undefined
    : [apiVersion.replace(/\/?v\d\w*$/, ''), kind, namespace ?? '', name].join(' ');
}

const nameOf = ({ root }: KubernetesObject) => placeOf(at(root, 'metadata', 'name') ?? root);

const isSame = ({ root }: KubernetesObject, other: KubernetesObject): boolean =>
  root.text === other.root.text && root.start === other.root.start;
