import type { Format } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/**
 * One literal path a line, for .dockerignore and its kind: wildcards in it stand for themselves. Builders
 * make a regular expression of a line, and older ones leave in it what means something there.
 */
function ignoreLine(value: unknown): string {
  const text = scalarText('lines', value);
  if (/[\r\n\0]/.test(text)) refuse('lines', value, 'a line end or NUL would begin another pattern');
  if (text === '' || /^[\s\u0085]|[\s\u0085]$/.test(text))
    refuse('lines', value, 'blanks around a pattern are dropped by its reader');
  return text.replaceAll(/[*?[\]\\^|+(){}]|^[#!]/g, special => `\\${special}`);
}

export const lines: Format = {
  id: 'lines',
  place: ({ before }) => (/^\s*#/.test(before) ? 'comment' : 'line'),
  write: (value, at) => (at === 'comment' ? commentText('lines', value) : ignoreLine(value)),
};
