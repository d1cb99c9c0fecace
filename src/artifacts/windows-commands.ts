import type { AnyDocument, Document } from './document.ts';
import type { Text } from './text.ts';
import type { WindowsCommand } from './windows-words.ts';

export type WindowsDocument = Document<'cmd'> | Document<'powershell'>;

export const windowsDocuments = (set: readonly AnyDocument[]): readonly WindowsDocument[] =>
  set.filter((each): each is WindowsDocument => each.kind === 'cmd' || each.kind === 'powershell');

export interface WindowsWord {
  /** With the variables filled in whose values are written in the same script. */
  readonly value: string;
  readonly start: number;
}

/** One program that is called, up to where its output goes or the next begins. */
export interface WindowsCall {
  readonly words: readonly WindowsWord[];
  readonly text: Text;
  readonly command: WindowsCommand;
}

export function callsOf(document: WindowsDocument): readonly WindowsCall[] {
  const values = variablesOf(document);
  return document.body.map(command => {
    const end = command.words.findIndex(({ value }, i) => i > 0 && /^(?:[12*]?>|<|\||&)/.test(value));
    const all = end === -1 ? command.words : command.words.slice(0, end);
    const words = /^(?:&|call|\.)$/i.test(all[0]?.value ?? '') ? all.slice(1) : all;
    return {
      words: words.map(({ value, start }) => ({ value: filled(value, values), start })),
      text: document.text,
      command,
    };
  });
}

/** `set "NAME=value"` and `$name = 'value'`. */
function variablesOf({ body }: WindowsDocument): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { text } of body) {
    const [, name, value] =
      /^set\s+"?([A-Za-z_]\w{0,60})=([^"%\r\n]{0,400}?)"?\s*$/i.exec(text) ??
      /^\$([A-Za-z_]\w{0,60})\s*=\s*"([^"$`]{0,400})"\s*$/.exec(text) ??
      /^\$([A-Za-z_]\w{0,60})\s*=\s*'([^']{0,400})'\s*$/.exec(text) ??
      [];
    if (name && value !== undefined) values.set(name.toLowerCase(), value);
  }
  return values;
}

/** What no line of the script says stays as it is written. */
const filled = (value: string, values: ReadonlyMap<string, string>): string =>
  value.replace(
    /%(\w{1,61})%|\$\{(\w{1,61})\}|\$(\w{1,61})/g,
    (whole, a, b, c) => values.get(String(a ?? b ?? c).toLowerCase()) ?? whole,
  );

/** A part of it is only known where it runs. */
export const isOpen = (value: string): boolean => /[%$]\w|\$\{|@\(|^\(|^@/.test(value);

/** What stands behind `-Name` until the next one. */
export function parameter(
  { words }: Pick<WindowsCall, 'words'>,
  name: string,
): readonly WindowsWord[] | undefined {
  let [depth, from] = [0, -1];
  for (const [i, { value }] of words.entries()) {
    if (depth <= 0 && from >= 0 && /^-[A-Za-z]/.test(value)) return words.slice(from, i);
    if (depth <= 0 && value.toLowerCase() === `-${name.toLowerCase()}`) from = i + 1;
    depth += (value.match(/\(/g)?.length ?? 0) - (value.match(/\)/g)?.length ?? 0);
  }
  return from >= 0 ? words.slice(from) : undefined;
}

/** Without the parentheses and quotes around the whole. */
export const plainText = (words: readonly WindowsWord[] | undefined): string | undefined =>
  words
    ?.map(word => word.value)
    .join(' ')
    .replace(/\)+$/, '')
    .replace(/^(["'])(.*)\1$/, '$2');
