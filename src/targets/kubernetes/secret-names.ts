import type { KubeObject } from './object.ts';

export interface NamedSecret {
  readonly name: string;
  readonly keys: readonly { readonly key: string; readonly optional: boolean }[];
}

interface Reference {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

/** Every Secret that a container of the objects reads, with its keys: one that all can do without is optional. */
export function secretsNamedBy(objects: readonly KubeObject[]): NamedSecret[] {
  const references = objects.flatMap(object => referencesIn(object));
  return [...new Set(references.map(({ name }) => name))].map(name => {
    const own = references.filter(each => each.name === name);
    const keys = [...new Set(own.map(({ key }) => key))];
    return {
      name,
      keys: keys.map(key => ({
        key,
        optional: own.every(each => each.key !== key || each.optional === true),
      })),
    };
  });
}

function referencesIn(value: unknown): Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'secretKeyRef' ? [inner as Reference] : referencesIn(inner),
  );
}
