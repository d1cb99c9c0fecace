import { at, entriesOf, textOfNode } from '../yaml.ts';
import type { KubernetesObject } from './object.ts';

/** The objects of a set by what others ask for, so that a set of thousands is walked once. */
export interface Lookup {
  readonly configMaps: ReadonlyMap<string, readonly KubernetesObject[]>;
  /** Services by one label that their selector asks for, as `key=value`. */
  readonly services: ReadonlyMap<string, readonly KubernetesObject[]>;
}

const known = new WeakMap<readonly KubernetesObject[], Lookup>();

export function lookupOf(objects: readonly KubernetesObject[]): Lookup {
  const found = known.get(objects);
  if (found) return found;
  const lookup = {
    configMaps: by(objects, ({ kind, name }) => (kind === 'ConfigMap' ? name : undefined)),
    services: by(objects, ({ kind, root }) => {
      if (kind !== 'Service') return undefined;
      const [first] = entriesOf(at(root, 'spec', 'selector'));
      return first && labelOf(first);
    }),
  };
  known.set(objects, lookup);
  return lookup;
}

export const labelOf = ({ key, value }: ReturnType<typeof entriesOf>[number]): string =>
  `${key.source}=${textOfNode(value) ?? ''}`;

function by(
  objects: readonly KubernetesObject[],
  keyOf: (object: KubernetesObject) => string | undefined,
): ReadonlyMap<string, readonly KubernetesObject[]> {
  const groups = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const key = keyOf(object);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(object);
    else groups.set(key, [object]);
  }
  return groups;
}
