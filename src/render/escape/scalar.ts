import { refuse } from '../unrepresentable.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** A scalar as a string; anything else is refused, so that `[object Object]` is never written. */
export function scalarText(format: string, value: unknown): string {
  if (typeof value === 'number') return numberText(format, value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return refuse(format, value, 'one scalar is needed here');
  if (/\p{Surrogate}/u.test(value)) refuse(format, value, 'it is not valid Unicode');
  return value;
}

/** Digits that every reader takes for the same number: no exponent, no minus zero. */
export function numberText(format: string, value: number): string {
  const text = String(value === 0 ? 0 : value);
  return /^-?\d+(\.\d+)?$/.test(text) ? text : refuse(format, value, 'its digits would need an exponent');
}

/** Text for a comment: it may say anything that stays on its line. */
export function commentText(format: string, value: unknown): string {
  const text = scalarText(format, value);
  return CONTROL.test(text)
    ? refuse(format, value, 'a comment holds no control characters or line ends')
    : text;
}
