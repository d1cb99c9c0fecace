import * as z from 'zod';

/** A value of `env`, `args`, `files` or `smoke`: literal pieces and references to the model. */
export type Text = readonly Piece[];
export type Piece = { readonly literal: string } | { readonly reference: string };

const REFERENCE = /\$\$\{|\$\{([^${}]*)\}/g;

/** Splits `http://x:${port}` into its pieces. `$${` is a literal `${`; any other `$` stands for itself. */
export function parseText(source: string): Text {
  const pieces: Piece[] = [];
  let literal = '';
  let end = 0;
  const flush = () => {
    if (literal !== '') pieces.push({ literal });
    literal = '';
  };
  for (const match of source.matchAll(REFERENCE)) {
    literal += source.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[1] === undefined) {
      literal += '${';
    } else {
      flush();
      pieces.push({ reference: match[1].trim() });
    }
  }
  literal += source.slice(end);
  flush();
  return pieces;
}

export const referencesOf = (text: Text): string[] =>
  text.flatMap(piece => ('reference' in piece ? [piece.reference] : []));

/** The literal characters of a text, for rules that look for a secret in it. */
export const literalOf = (text: Text): string =>
  text.map(piece => ('literal' in piece ? piece.literal : '${…}')).join('');

/** What no program could be given: NUL ends a string, and half a character has no UTF-8. */
const REACHES = { error: 'a NUL or half a surrogate pair cannot reach a program' };
const reaches = (value: string) => !value.includes('\0') && !/\p{Cs}/u.test(value);

/** Text with references. */
export const text = () =>
  z
    .string({ error: 'text is needed here; quote it if it looks like something else' })
    .refine(reaches, REACHES)
    .transform(parseText);

/** An environment value: numbers and booleans are taken as they are written. */
export const environmentValue = () =>
  z
    .union([z.string(), z.number(), z.boolean()], { error: 'a string, number or boolean is needed here' })
    .transform(String)
    .refine(reaches, REACHES)
    .transform(parseText);
