import type { Format, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/** NAMEDATALEN - 1: the server cuts what is longer, and two names become one. */
const LONGEST_NAME = 63;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b' };

/** A string. With a backslash in it the E form says the same whatever standard_conforming_strings is. */
export function sqlLiteral(text: string): string {
  if (text.includes('\0')) refuse('sql', text, 'no text in PostgreSQL holds a NUL');
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** A quoted identifier, which keeps its letters' case. */
export function sqlName(text: string): string {
  if (text === '' || text.includes('\0')) refuse('sql', text, 'a name is not empty and holds no NUL');
  if (Buffer.byteLength(text) > LONGEST_NAME)
    refuse('sql', text, `a name has at most ${LONGEST_NAME} bytes: the server cuts the rest`);
  return `"${text.replaceAll('"', '""')}"`;
}

/** An argument of a psql command such as \set, in quotes that know C's escapes, on one line. */
export function psqlArgument(text: string): string {
  if (text.includes('\0')) refuse('sql', text, 'psql ends a text at a NUL');
  const escaped = text.replaceAll("'", "''").replaceAll('\\', '\\\\');
  return `'${escaped.replaceAll(/[\n\r\t\b]/g, char => ESCAPES[char] ?? char)}'`;
}

function place({ before }: Surroundings): string {
  if (/^\s*--/.test(before)) return 'comment';
  const quotes = before.replaceAll(/'[^']*'|"[^"]*"/g, '');
  if (/['"]/.test(quotes)) throw new Error('a value brings its own quotes: write it outside of quotes');
  return /^\s*\\/.test(before) ? 'psql' : 'literal';
}

function write(value: unknown, at: string): string {
  if (at === 'comment') return commentText('sql', value);
  const text = scalarText('sql', value);
  if (at === 'psql') return psqlArgument(text);
  return typeof value === 'string' ? sqlLiteral(text) : text;
}

/** `{{value}}` is a literal, in a psql command an argument; `{{name value}}` an identifier. */
export const sql: Format = {
  id: 'sql',
  place,
  write,
  helpers: {
    name: value =>
      typeof value === 'string'
        ? sqlName(scalarText('sql', value))
        : refuse('sql', value, 'a name is a text'),
  },
};
