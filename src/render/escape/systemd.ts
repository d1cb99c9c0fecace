import type { Format, Surroundings } from '../format.ts';
import { Interpolated } from '../interpolation.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/** Nothing in it means anything to systemd, wherever it stands. */
const PLAIN = /^[A-Za-z0-9_.,:@+=/-]+$/;
/** Settings whose value is a list of words with quotes and escapes; the rest of a line is the value elsewhere. */
const WORDS =
  /^(?:Environment|Exec\w+|ReadWritePaths|ReadOnlyPaths|InaccessiblePaths|BindPaths|PassEnvironment)$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
  '%': '%%',
};

/**
 * One word: C escapes inside of double quotes, and `%` doubled since it leads a specifier.
 * https://www.freedesktop.org/software/systemd/man/252/systemd.syntax.html#Quoting
 */
export function systemdWord(text: string): string {
  checkCharacters(text);
  if (PLAIN.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it escapes
  const escaped = text.replaceAll(/["\\%\u0001-\u001f\u007f]/g, char => ESCAPES[char] ?? hex(char));
  return `"${escaped}"`;
}

const hex = (char: string): string => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** systemd takes no NUL, and no code point that Unicode keeps for itself. */
function checkCharacters(text: string, format = 'systemd'): void {
  if (text.includes('\0')) refuse(format, text, 'no setting and no variable holds a NUL');
  if (/\p{Noncharacter_Code_Point}/u.test(text))
    refuse(format, text, 'systemd refuses code points that are no characters');
}

/** The rest of a line: no quotes, only `%` means something. */
function lineText(text: string): string {
  checkCharacters(text);
  if (/\p{Cc}/u.test(text)) refuse('systemd', text, 'a line holds no control characters');
  if (/^\s|[\s\\]$/.test(text))
    refuse(
      'systemd',
      text,
      'blanks around a value are dropped, and a backslash at its end goes on to the next line',
    );
  return text.replaceAll('%', '%%');
}

/**
 * A command line. A leading `:` keeps systemd from replacing variables; where one is meant, every other `$` is
 * doubled instead, except in the program's own path, which is never expanded.
 */
function command(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0)
    return refuse('systemd', value, 'a command is made of a list');
  const [program, ...args] = runnable(value as unknown[]);
  const path = systemdWord(scalarText('systemd', program));
  if (!args.some(arg => arg instanceof Interpolated))
    return `:${[path, ...args.map(arg => systemdWord(scalarText('systemd', arg)))].join(' ')}`;
  return [path, ...args.map(expanded)].join(' ');
}

/** systemd takes no program whose path has a quote or a backslash in it; a shell does, and makes room for it. */
function runnable(words: readonly unknown[]): readonly unknown[] {
  const unsafe = typeof words[0] === 'string' && /["'\\]/.test(words[0]);
  return unsafe ? ['/bin/sh', '-c', 'exec "$0" "$@"', ...words] : words;
}

function expanded(arg: unknown): string {
  const pieces = arg instanceof Interpolated ? arg.pieces : [{ literal: scalarText('systemd', arg) }];
  const text = pieces
    .map(piece => ('reference' in piece ? piece.reference : piece.literal.replaceAll('$', '$$$$')))
    .join('');
  return systemdWord(text);
}

function place({ before }: Surroundings): string {
  if (/^\s*[#;]/.test(before)) return 'comment';
  const [, setting, rest = ''] = /^([A-Za-z]+)=(.*)$/.exec(before) ?? [];
  if (setting === undefined || WORDS.test(setting)) return /(?:^|\s)$/.test(rest) ? 'word' : 'inside a word';
  // The one path in which wildcards mean something.
  return setting === 'EnvironmentFile' ? 'pattern' : 'line';
}

export const systemd: Format = {
  id: 'systemd',
  place,
  write: (value, at) => {
    if (at === 'comment') return commentText('systemd', value);
    const text = scalarText('systemd', value);
    if (at === 'line') return lineText(text);
    if (at === 'pattern') return lineText(text.replaceAll(/[*?[\]\\]/g, '\\$&'));
    if (at === 'inside a word' && !PLAIN.test(text))
      refuse('systemd', value, 'in the middle of a word it takes letters, digits and _.,:@+=/- only');
    return systemdWord(text);
  },
  helpers: {
    command,
    /** A list as words with spaces between. */
    words: value => {
      if (!Array.isArray(value)) return refuse('systemd', value, 'words are made of a list');
      return value.map(item => systemdWord(scalarText('systemd', item))).join(' ');
    },
  },
};
