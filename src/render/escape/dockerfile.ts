import type { Format, HelperOptions, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';
import { shellWord } from './shell.ts';

/** One word in every instruction, with no variable, quote or escape in it. */
const PLAIN = /^[A-Za-z0-9_./:@%+,=-]+$/;
/** The builder replaces variables in their values and takes quotes off. */
const QUOTED = new Set(['ARG', 'ENV', 'LABEL']);
/** A shell reads these. */
const SHELL = new Set(['CMD', 'ENTRYPOINT', 'RUN']);
/** JSON lists of these are words to the builder: it replaces variables in each. */
const EXPANDED = new Set(['ADD', 'COPY', 'VOLUME']);

/** The instruction of a logical line, which backslashes carry on and comments may interrupt. */
function place({ before, above }: Surroundings): string {
  if (/^\s*#/.test(before)) return 'comment';
  let line = before;
  for (let index = above.length - 1; index >= 0; index--) {
    const previous = above[index] ?? '';
    if (/^\s*(?:#.*)?$/.test(previous)) continue;
    if (!/\\\s*$/.test(previous)) break;
    line = previous.replace(/\\\s*$/, ' ') + line;
  }
  const instruction =
    /^\s*(?:HEALTHCHECK\s.*(?=CMD\b)|ONBUILD\s+)?([A-Za-z]+)\s/.exec(line)?.[1]?.toUpperCase() ?? 'text';
  const name = QUOTED.has(instruction) && /(?:^|\s)$/.test(before);
  const quotes = before.replaceAll(/\\./g, '').replaceAll(/'[^']*'|"[^"]*"/g, '');
  if (/['"]/.test(quotes)) throw new Error('a value brings its own quotes: write it outside of quotes');
  return name ? 'name' : instruction;
}

function write(value: unknown, at: string): string {
  if (at === 'comment') return commentText('dockerfile', value);
  const text = scalarText('dockerfile', value);
  if (/[\r\n\0]/.test(text))
    refuse('dockerfile', value, 'an instruction ends at a line end, and NUL is in no argument');
  if (PLAIN.test(text) && !SHELL.has(at)) return text;
  if (SHELL.has(at)) return shellWord(text);
  if (QUOTED.has(at)) return `"${text.replaceAll(/["\\$]/g, '\\$&')}"`;
  return refuse('dockerfile', value, `${at} takes letters, digits and ${'_./:@%+,=-'} here`);
}

/** `{{json args}}`: the exec form, in which nothing but JSON's own escapes has a meaning. */
function json(value: unknown, { place: at }: HelperOptions): string {
  if (!Array.isArray(value)) return refuse('dockerfile', value, 'the exec form is made of a list');
  const words = value.map(item => scalarText('dockerfile', item));
  for (const word of words) {
    if (word.includes('\0')) refuse('dockerfile', word, 'no argument holds a NUL');
    if (EXPANDED.has(at) && /[$"'\\\r\n]|<</.test(word)) {
      refuse('dockerfile', word, `${at} gives $, quotes, backslashes and << a meaning of their own`);
    }
  }
  return `[${words.map(word => JSON.stringify(word)).join(', ')}]`;
}

export const dockerfile: Format = { id: 'dockerfile', place, write, helpers: { json } };
