import type { Format, Surroundings } from '../format.ts';
import { Interpolated } from '../interpolation.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/** A reference of a target, such as `${AIDEPLOY_TAG}`, is a variable of the script. */
const VARIABLE = /^\$\{([A-Za-z_]\w*)\}$/;

/**
 * A text as a program's start code reads it: double quotes, in which a backslash means something before a quote
 * only. https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
export const argument = (text: string): string =>
  `"${text.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;

function check(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\0\r\n\u001a]/.test(text))
    refuse('cmd', text, 'a batch file is read line by line, up to NUL or Ctrl-Z');
}

/**
 * Text that is quoted for the program already, as a batch file says it: `%` doubled, and where it holds quotes of
 * its own every character that means something to cmd behind a caret, so that cmd sees no quotes at all.
 * Delayed expansion is off in every script; where it is on, `!` could not be said.
 */
function batch(quoted: string): string {
  check(quoted);
  const own = quoted.slice(1, -1).includes('"');
  const text = own ? quoted.replaceAll(/["^&|<>()!]/g, '^$&') : quoted;
  return text.replaceAll('%', '%%');
}

/** One argument of a program. */
export function cmdWord(text: string): string {
  check(text);
  return batch(argument(text));
}

/** For `set`: the quotes are cmd's own, and what follows the last one is dropped. */
export const cmdAssignment = (name: string, text: string): string => batch(`"${name}=${text}"`);

/** Known text, and variables of the script. */
function pieces(value: Interpolated): { text: string; variable: boolean }[] {
  return value.pieces.map(piece => {
    if ('literal' in piece) return { text: scalarText('cmd', piece.literal), variable: false };
    const name = VARIABLE.exec(piece.reference)?.[1];
    return name === undefined
      ? refuse('cmd', piece.reference, 'a variable of a script has no default')
      : { text: name, variable: true };
  });
}

/** A private-use character stands for each variable while its surroundings are quoted. */
const MARK = '\uf8ff';

function word(value: unknown): string {
  if (!(value instanceof Interpolated)) return cmdWord(scalarText('cmd', value));
  const all = pieces(value);
  if (all.some(({ text, variable }) => !variable && text.includes(MARK)))
    refuse('cmd', value, 'U+F8FF beside a variable');
  const names = all.filter(({ variable }) => variable).map(({ text }) => text);
  const text = all.map(piece => (piece.variable ? MARK : piece.text)).join('');
  const written = batch(argument(text));
  return written.replaceAll(MARK, () => `%${names.shift()}%`);
}

function inside(value: unknown): string {
  const text = scalarText('cmd', value);
  check(text);
  if (text.includes('"') || text.endsWith('\\'))
    refuse('cmd', value, 'between quotes it can hold no quote, and no backslash at its end');
  return text.replaceAll('%', '%%');
}

/** `echo` would say a word's quotes too. */
function message(value: unknown): string {
  const text = scalarText('cmd', value);
  return /^[A-Za-z0-9_.-]+$/.test(text) ? text : word(value);
}

function place({ before }: Surroundings): string {
  if (/^\s*(?:rem\s|::)/i.test(before)) return 'comment';
  if (/\becho [^"]*$/.test(before)) return 'message';
  return before.replaceAll('^"', '').split('"').length % 2 === 0 ? 'inside' : 'word';
}

export const cmd: Format = {
  id: 'cmd',
  place,
  write: (value, at) => {
    if (at === 'comment') return commentText('cmd', value);
    if (at === 'message') return message(value);
    return at === 'inside' ? inside(value) : word(value);
  },
  helpers: {
    /** `set {{assignment value name="DIR"}}` */
    assignment: (value, { hash }) => cmdAssignment(scalarText('cmd', hash['name']), scalarText('cmd', value)),
    /** A list as words with spaces between. */
    words: value => {
      if (!Array.isArray(value)) return refuse('cmd', value, 'words are made of a list');
      return value.map(item => word(item)).join(' ');
    },
  },
};
