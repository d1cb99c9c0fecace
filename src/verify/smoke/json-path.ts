const STEP = /\.([^.[\]*]+)|\.(\*)|\[(\d+)\]|\[(\*)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** The values at a path such as `$.choices[0].message` or `$.items[*].id`; undefined for what is no such path. */
export function valuesAt(document: unknown, path: string): unknown[] | undefined {
  const steps = stepsOf(path);
  return steps?.reduce<unknown[]>((values, step) => values.flatMap(value => below(value, step)), [document]);
}

type Step = { readonly name: string } | { readonly index: number } | { readonly all: true };

function stepsOf(path: string): Step[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (!match) return undefined;
    const [, name, anyName, index, anyIndex, single, double] = match;
    if (anyName ?? anyIndex) steps.push({ all: true });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ name: name ?? (single ?? double ?? '').replaceAll(/\\(.)/g, '$1') });
  }
  return steps;
}

function below(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('all' in step) return Object.values(value);
  if ('index' in step) return Array.isArray(value) && step.index < value.length ? [value[step.index]] : [];
  return Object.hasOwn(value, step.name) ? [(value as Record<string, unknown>)[step.name]] : [];
}
