import type { Format, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { scalarText } from './scalar.ts';
import { shellWord } from './shell.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const LINE_ENDS = /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/;

/** One line of a paragraph, heading or table cell, read back as the same text by GitHub's and any CommonMark reader. */
function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_{}[\]#|~!]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replaceAll(/\t|^\s|\s$/g, blank => `&#${blank.charCodeAt(0)};`);
}

/**
 * A span of code. A backslash escapes nothing in it, so a text with backquotes, with a pipe (which would end
 * a table's cell) or with blanks around it is written as HTML, where every character can be named.
 */
function markdownCode(text: string): string {
  if (text === '') refuse('markdown', text, 'a span of code holds at least one character');
  if (!/[`|\t]|^\s|\s$| {2}/.test(oneLine(text))) return `\`${text}\``;
  return `<code>${text.replaceAll(/[!-,:-@[-`{-~]|[^\S ]|^ | $|(?<= ) /gu, char => `&#${char.codePointAt(0)};`)}</code>`;
}

function oneLine(text: string): string {
  return LINE_ENDS.test(text)
    ? refuse('markdown', text, 'a line of text holds no line ends or control characters')
    : text;
}

/** A line of a fenced block whose text the target has put together, such as a whole command. */
function fenced(value: unknown): string {
  const text = scalarText('markdown', value);
  return /^\s*(?:`{3}|~{3})/.test(oneLine(text)) ? refuse('markdown', text, 'it would end its block') : text;
}

/** Blocks are opened and closed in the template that uses them. */
function fenceOf(above: readonly string[]): string | undefined {
  let open: string | undefined;
  for (const line of above) {
    const [, info] = /^\s*```\s*(\w*)/.exec(line) ?? [];
    if (info !== undefined) open = open === undefined ? info : undefined;
  }
  return open;
}

function place({ before, above }: Surroundings): string {
  const fence = fenceOf(above);
  if (fence === 'sh') return /(?:^|\s)#/.test(before) ? 'fenced' : 'word';
  if (fence !== undefined) return 'fenced';
  if (before.split('`').length % 2 === 0)
    throw new Error('write a span of code as {{code value}}, without backquotes');
  if (/\]\([^)]*$/.test(before))
    throw new Error('the target of a link stands in the template, or in the target');
  return 'text';
}

export const markdown: Format = {
  id: 'markdown',
  place,
  write: (value, at) => {
    if (at === 'fenced') return fenced(value);
    const text = scalarText('markdown', value);
    return at === 'word' ? shellWord(text) : markdownText(text);
  },
  helpers: {
    /** A span of code; a list of them is separated by commas. */
    code: value =>
      (Array.isArray(value) ? value : [value])
        .map(item => markdownCode(scalarText('markdown', item)))
        .join(', '),
    /** What a target wrote as Markdown. */
    markdown: value =>
      value instanceof Markdown ? value.text : refuse('markdown', value, 'it was not written as Markdown'),
    /** A whole line of a fenced block, made in the target by the rules of its language. */
    command: (value, { place: at }) =>
      at === 'word' || at === 'fenced'
        ? fenced(value)
        : refuse('markdown', value, 'a command stands in a fenced block'),
  },
};

/** Text that is Markdown already: only a target makes one, of words of its own. */
export class Markdown {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
