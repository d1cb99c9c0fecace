import type { Format, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/** Nothing in it means anything to compose, `docker --env-file`, a shell or a dotenv library. */
const PLAIN = /^[A-Za-z0-9_./:@%+,=-]*$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\\': '\\\\',
  '"': '\\"',
  $: '\\$',
};

/**
 * A value as compose's own reader takes it, always on one line. Single quotes keep everything but
 * themselves and a backslash; double quotes take escapes.
 * https://github.com/compose-spec/compose-go/blob/main/dotenv/parser.go
 */
function envValue(text: string): string {
  if (text.includes('\0')) refuse('env', text, 'no environment variable holds a NUL');
  if (PLAIN.test(text)) return text;
  if (!/['\\\r\n]/.test(text)) return `'${text}'`;
  return `"${text.replaceAll(/[\n\r\\"$]/g, char => ESCAPES[char] ?? char)}"`;
}

function envName(text: string): string {
  return /^[A-Za-z_]\w*$/.test(text) ? text : refuse('env', text, 'a name is letters, digits and _');
}

function place({ before, after }: Surroundings): string {
  if (after.startsWith('=')) return 'name';
  if (/^\s*(?:#\s*)?(?:\w|\ufffc)+=$/.test(before)) {
    if (after.trim() === '') return 'value';
    throw new Error(
      'a value is everything behind the =: put its text together with (concat ...) or in the target',
    );
  }
  if (/^\s*#/.test(before)) return 'comment';
  throw new Error('only NAME=value lines and comments are known here');
}

export const env: Format = {
  id: 'env',
  place,
  write: (value, at) => {
    if (at === 'comment') return commentText('env', value);
    const text = scalarText('env', value);
    return at === 'name' ? envName(text) : envValue(text);
  },
};
