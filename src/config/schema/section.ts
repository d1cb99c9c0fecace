import * as z from 'zod';
import { nearest } from '../nearest.ts';
import { redacted } from './secret-formats.ts';

// A program reads one file and ends: a parser compiled for it takes longer than the reading.
z.config({ jitless: true });

/** Keys of the other forms that a section may take, and all the forms in words. */
interface OtherForms {
  readonly keys: readonly string[];
  readonly forms: string;
}

/** A mapping with fixed keys: any other key is an error that offers the nearest known one. */
export function section<Shape extends z.ZodRawShape>(shape: Shape, otherForms?: OtherForms) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: issue => {
      if (issue.code === 'unrecognized_keys')
        return (issue.keys as string[])
          .slice(0, MOST_KEYS)
          .map(key => unknownKey(key, known, otherForms))
          .join('\n');
      return `a mapping with ${known.slice(0, 6).join(', ')}${known.length > 6 ? ', ...' : ''} is needed here`;
    },
  });
}

/** Unknown keys of one section that are told of: a file of nothing else needs no longer list. */
export const MOST_KEYS = 20;

/** Words of other tools for what has another name here. */
const SYNONYMS: Readonly<Record<string, string>> = {
  cmd: 'command',
  db: 'database',
  depends_on: 'dependsOn',
  dockerfile: 'docker',
  entrypoint: 'command',
  environment: 'env',
  healthcheck: 'health',
  hostname: 'domain',
  ingress: 'expose',
  k8s: 'kubernetes',
  monitor: 'monitoring',
  postgres: 'database',
  replicas: 'scale',
  url: 'domain',
};

function unknownKey(key: string, known: readonly string[], otherForms: OtherForms | undefined): string {
  if (otherForms?.keys.includes(key)) return `"${key}" belongs to another form; write ${otherForms.forms}`;
  const meant = SYNONYMS[key.toLowerCase()] ?? '';
  const offer = known.includes(meant) ? meant : nearest(key, known);
  return `unknown key "${redacted(key)}"; ${offer ? `did you mean "${offer}"?` : `known keys: ${known.join(', ')}`}`;
}

/** One of a few words; a wrong one is answered with the nearest. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, {
    error: issue => oneOfMessage(words, issue.input),
  });
}

export function oneOfMessage(words: readonly string[], input: unknown): string {
  const offer = typeof input === 'string' ? nearest(input, words) : undefined;
  return `one of ${words.join(', ')}${offer ? `; did you mean "${offer}"?` : ''}`;
}
