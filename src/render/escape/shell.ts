import type { Format, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

const PLAIN = /^[A-Za-z0-9_./:@%+,-]+$/;
const RESERVED = new Set(
  'if then else elif fi do done case esac while until for in select function time coproc'.split(' '),
);

/** One word of a POSIX shell. */
export function shellWord(text: string): string {
  if (text.includes('\0')) refuse('shell', text, 'it holds a NUL, where a program sees the end of the text');
  if (PLAIN.test(text) && !RESERVED.has(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function place({ before }: Surroundings): string {
  if (/^\s*#/.test(before)) return 'comment';
  const quotes = before.replaceAll(/\\./g, '').replaceAll(/'[^']*'|"[^"]*"/g, '');
  if (/['"]/.test(quotes)) throw new Error('a value brings its own quotes: write it outside of quotes');
  return 'word';
}

export const shell: Format = {
  id: 'shell',
  place,
  write: (value, at) =>
    at === 'comment' ? commentText('shell', value) : shellWord(scalarText('shell', value)),
  helpers: {
    /** A list as words with spaces between. */
    words: value => {
      if (!Array.isArray(value)) return refuse('shell', value, 'words are made of a list');
      return value.map(item => shellWord(scalarText('shell', item))).join(' ');
    },
  },
};
