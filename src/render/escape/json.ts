import type { Format, HelperOptions, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { scalarText } from './scalar.ts';

/** A scalar as JSON says it; a list or mapping is for `{{json value}}`. */
function scalar(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(scalarText('json', value));
  return scalarText('json', value);
}

/** Lines of a value, indented by two columns a level; what is undefined is left out. */
function text(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  const block = (open: string, items: readonly string[], close: string) =>
    items.length === 0
      ? open + close
      : `${open}\n${items.map(item => inner + item).join(',\n')}\n${indent}${close}`;
  if (Array.isArray(value))
    return block(
      '[',
      value.map(item => text(item, inner)),
      ']',
    );
  if (typeof value !== 'object' || value === null) return scalar(value);
  if (Object.getPrototypeOf(value) !== Object.prototype)
    return refuse('json', value, 'lists, mappings and scalars are all that it has');
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return block(
    '{',
    entries.map(([key, item]) => `${scalar(key)}: ${text(item, inner)}`),
    '}',
  );
}

/** The place is the line's own indentation, which the lines of a block continue. */
function place({ before, after }: Surroundings): string {
  if (before.replaceAll(/\\./g, '').split('"').length % 2 === 0)
    throw new Error(
      'a value brings its own quotes: put its text together with (concat ...) or in the target',
    );
  if (!/(?:^|[[{,:])\s*$/.test(before) || !/^\s*(?:$|[\]},:])/.test(after))
    throw new Error('a value is a whole key or value here');
  return /^\s*/.exec(before)?.[0] ?? '';
}

export const json: Format = {
  id: 'json',
  place,
  write: scalar,
  helpers: { json: (value: unknown, { place: indent }: HelperOptions) => text(value, indent) },
};
