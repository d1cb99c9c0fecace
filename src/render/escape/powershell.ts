import type { Format, Surroundings } from '../format.ts';
import { Interpolated } from '../interpolation.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, numberText, scalarText } from './scalar.ts';

/**
 * A text as single-quoted literals, in which a doubled quote is the only escape. Line ends and whatever is not
 * ASCII are numbers beside them: Windows PowerShell reads a file without byte order mark in the machine's code
 * page, takes typographic quotes for quotes, and the file's line ends are CRLF.
 * https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 */
export function powershellText(text: string): string {
  if (text.includes('\0')) refuse('powershell', text, 'no variable of a process holds a NUL');
  const parts = text.match(/[ -~]+|[^ -~]/g) ?? [''];
  if (parts.length === 1 && /^[ -~]*$/.test(parts[0] ?? '')) return literal(parts[0] ?? '');
  const written = parts.flatMap(part => (/^[ -~]/.test(part) ? [literal(part)] : [unit(part)]));
  // A text on the left makes the sum a text.
  return `(${[...(written[0]?.startsWith("'") ? [] : ["''"]), ...written].join(' + ')})`;
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const unit = (char: string): string => `[char]0x${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

function write(value: unknown): string {
  if (value instanceof Interpolated)
    return `(${["''", ...value.pieces.map(piece => ('literal' in piece ? powershellText(piece.literal) : piece.reference))].join(' + ')})`;
  if (typeof value === 'boolean') return value ? '$true' : '$false';
  if (typeof value === 'number') return numberText('powershell', value);
  return powershellText(scalarText('powershell', value));
}

function place({ before }: Surroundings): string {
  if (/^\s*#/.test(before)) return 'comment';
  const quotes = before.replaceAll(/'[^']*'|"[^"]*"/g, '');
  if (/['"]/.test(quotes)) throw new Error('a value brings its own quotes: write it outside of quotes');
  return 'literal';
}

export const powershell: Format = {
  id: 'powershell',
  place,
  write: (value, at) => (at === 'comment' ? commentText('powershell', value) : write(value)),
  helpers: {
    /** `@('a', 'b')` */
    list: value => {
      if (!Array.isArray(value)) return refuse('powershell', value, 'a list is needed here');
      return `@(${value.map(write).join(', ')})`;
    },
  },
};
