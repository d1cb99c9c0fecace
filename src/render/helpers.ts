/** Helpers that make values out of values; the format escapes what they return. */
export const expressionHelpers: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
  concat: (...pieces) => pieces.map(text).join(''),
  eq: (left, right) => left === right,
  join: (list, separator = ' ') => {
    if (!Array.isArray(list)) throw new TypeError('join takes a list');
    return list.map(text).join(text(separator));
  },
};

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new TypeError(`a text, number or boolean is needed, not ${value === null ? 'null' : typeof value}`);
}
