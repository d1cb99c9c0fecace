type Mapping = Record<string, unknown>;

/** Keys whose value takes one of several forms: naming one form drops the keys of the others. */
const FORMS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  expose: [
    ['gateway', 'implementation'],
    ['kind', 'class', 'auth'],
  ],
  scale: [['replicas'], ['min', 'max', 'cpu', 'memory']],
};

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A deep merge of an environment over the file. Mappings merge, everything else replaces, and null
 * removes a key. Built from entries, so that a key such as `__proto__` stays an ordinary key.
 */
export function mergeOver(base: unknown, over: unknown, key = ''): unknown {
  if (!isMapping(base) || !isMapping(over)) return over;
  if (typeof over['kind'] === 'string' && over['kind'] !== base['kind'] && key === 'expose') return over;
  const merged = new Map(Object.entries(withoutOtherForms(base, over, FORMS[key])));
  for (const [name, value] of Object.entries(over)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergeOver(merged.get(name), value, name));
  }
  return Object.fromEntries(merged);
}

function withoutOtherForms(
  base: Mapping,
  over: Mapping,
  forms: readonly (readonly string[])[] = [],
): Mapping {
  const chosen = forms.find(form => form.some(name => name in over));
  if (!chosen) return base;
  return Object.fromEntries(Object.entries(base).filter(([name]) => chosen.includes(name)));
}

/** The file as an environment sees it. */
export function underEnvironment(file: Mapping, name: string | undefined): Mapping {
  if (name === undefined) return file;
  const { environments, ...base } = file;
  const over = isMapping(environments) ? environments[name] : undefined;
  return { ...(mergeOver(base, over ?? {}) as Mapping), environments };
}
