import type { Format, HelperOptions, Surroundings } from '../format.ts';
import { refuse, Unrepresentable } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/** Plain only what YAML 1.1 and 1.2 both read as this text: no number, date, boolean, null or indicator. */
const PLAIN =
  /^(?:[A-Za-z/_][\w./@+=-]*(?::[\w./@+=-]+)*|\d+(?:\.\d+)?(?:ms|[smhKMGT]i?|%))(?: [A-Za-z][\w./@+=-]*)*$/;
const RESERVED = /^(?:null|true|false|yes|no|on|off|y|n)$/i;
/** Printable everywhere: JSON escapes the rest of C0, YAML 1.1 ends lines at some of these. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

export function yamlText(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) ? text : yamlQuoted(text);
}

export function yamlQuoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    UNPRINTABLE,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export type Scalar = (value: unknown, place: string) => string;

export const yamlScalar: Scalar = value => {
  if (value === null) return 'null';
  return typeof value === 'string' ? yamlText(scalarText('yaml', value)) : scalarText('yaml', value);
};

/** A line with one value is `key: {{value}}`, `- {{value}}`, `{{key}}: …` or a flow collection's item. */
export function yamlPlace({ before, after }: Surroundings): string {
  if (/^\s*#|\s#\s/.test(before)) return 'comment';
  const asKey = /^:(?:\s|$)/.test(after);
  const opens = /^\s*(?:- +)*(?:(?:[^\s#'"{}[\],:]|\ufffc)[^\s#'"{}[\],:]*: +)?$/.test(before);
  const inFlow = /[[{][^'"]*$/.test(before) && /[[{,:]\s*$/.test(before) && /^\s*[,\]}:]/.test(after);
  if (!inFlow && !(opens && (asKey || /^\s*(?:$|#)/.test(after)))) {
    throw new Error(
      'a value is a whole scalar here: put its text together with (concat ...) or in the target',
    );
  }
  if (asKey) return 'key';
  const lead = /^[\s-]*/.exec(before)?.[0].length ?? 0;
  return lead === before.length ? `alone ${lead}` : `value ${lead}`;
}

/** A comment for the line that a JSON pointer names. */
type NoteOf = (pointer: string) => string | undefined;

const noNotes: NoteOf = () => undefined;

/** Lines of a value in block style, the first without indentation. */
function blockLines(value: unknown, scalar: Scalar, noteOf = noNotes, at = ''): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return ['[]'];
    return value.flatMap((item, index) => nested('- ', blockLines(item, scalar, noteOf, `${at}/${index}`)));
  }
  if (!isMapping(value)) return [scalar(value, 'value')];
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return ['{}'];
  return entries.flatMap(([key, item]) => {
    const pointer = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const note = noteOf(pointer);
    const lines = named(key, () => blockLines(item, scalar, noteOf, pointer));
    const name = `${keyText(key, scalar)}:`;
    const own = isBlock(item, lines) ? [name, ...lines.map(line => `  ${line}`)] : [`${name} ${lines[0]}`];
    return note === undefined ? own : [`# ${commentText('yaml', note)}`, ...own];
  });
}

/** An error says which key of a large value it is about. */
export function named<Result>(key: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    throw error instanceof Unrepresentable ? error.below(key) : error;
  }
}

function keyText(key: string, scalar: Scalar): string {
  const text = scalar(key, 'key');
  // Readers look for the colon of a simple key within 1024 characters.
  return text.length > 1000 ? refuse('yaml', key, 'a key has at most 1000 characters') : text;
}

function nested(lead: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? lead : '  ') + line);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isBlock(value: unknown, lines: readonly string[]): boolean {
  return (Array.isArray(value) || isMapping(value)) && lines[0] !== '[]' && lines[0] !== '{}';
}

/**
 * `{{yaml value}}`: a mapping or list as block YAML. Alone on its line, the lines below take its column;
 * after `key:` they go below the key, two columns deeper. `indent=n` says otherwise; `notes` maps JSON
 * pointers to comments, each written above its line.
 */
export function blockHelper(scalar: Scalar) {
  return (value: unknown, { place, hash }: HelperOptions): string => {
    const [kind, column] = place.split(' ');
    const notes = hash['notes'] as Readonly<Record<string, string>> | undefined;
    const noteOf = (pointer: string) => (notes && Object.hasOwn(notes, pointer) ? notes[pointer] : undefined);
    const lines = blockLines(value, scalar, noteOf);
    const indent = typeof hash['indent'] === 'number' ? hash['indent'] : undefined;
    if (kind === 'value') {
      const pad = ' '.repeat(indent ?? Number(column) + 2);
      return isBlock(value, lines) ? lines.map(line => `\n${pad}${line}`).join('') : ` ${lines[0]}`;
    }
    if (kind !== 'alone') return refuse('yaml', value, 'a block stands alone on its line or behind `key:`');
    const pad = ' '.repeat(indent ?? Number(column));
    return pad.slice(Number(column)) + lines.join(`\n${pad}`);
  };
}

export const yaml: Format = {
  id: 'yaml',
  place: yamlPlace,
  write: (value, place) => (place === 'comment' ? commentText('yaml', value) : yamlScalar(value, place)),
  helpers: { yaml: blockHelper(yamlScalar) },
  ownBlank: ['yaml'],
};
