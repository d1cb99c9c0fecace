import type { Format, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, numberText } from './scalar.ts';

function place({ before }: Surroundings): string {
  if (/^\s*#/.test(before)) return 'comment';
  const quotes = before.replaceAll(/\\./g, '').replaceAll(/'[^']*'|"[^"]*"/g, '');
  if (/['"]/.test(quotes)) throw new Error('a value brings its own quotes: write it outside of quotes');
  return 'literal';
}

/** A Python literal. JSON's escapes are Python's too, for all that JSON.stringify escapes. */
function literal(value: unknown): string {
  if (typeof value === 'number') return numberText('python', value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null) return 'None';
  if (typeof value === 'string')
    return /\p{Surrogate}/u.test(value)
      ? refuse('python', value, 'it is not valid Unicode')
      : JSON.stringify(value);
  return refuse('python', value, 'one scalar is needed here');
}

export const python: Format = {
  id: 'python',
  place,
  write: (value, at) => (at === 'comment' ? commentText('python', value) : literal(value)),
};
