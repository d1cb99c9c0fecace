import { z } from 'zod';
import { nearest } from '../nearest.ts';

/** A mapping with fixed keys: any other key is an error that offers the nearest known one. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: issue => {
      if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys as string[], known);
      return `a mapping with ${known.slice(0, 6).join(', ')}${known.length > 6 ? ', …' : ''} is needed here`;
    },
  });
}

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  return keys
    .map(key => {
      const offer = nearest(key, known);
      return `unknown key "${key}"; ${offer ? `did you mean "${offer}"?` : `known keys: ${known.join(', ')}`}`;
    })
    .join('; ');
}

/** One of a few words; a wrong one is answered with the nearest. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, {
    error: issue => {
      const offer = typeof issue.input === 'string' ? nearest(issue.input, words) : undefined;
      return `one of ${words.join(', ')}${offer ? `; did you mean "${offer}"?` : ''}`;
    },
  });
}
