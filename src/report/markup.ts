import { block } from './plain.ts';

/** Text that is HTML already: only `html` makes it, and it escapes whatever is put in. */
export class Markup {
  constructor(readonly text: string) {}
}

type Value = Markup | string | number | undefined | readonly (Markup | string)[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A piece of a page. Values are text, wherever they stand, quoted attributes included; lists are joined. */
export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Markup =>
  new Markup(strings.map((string, i) => string + (i < values.length ? write(values[i]) : '')).join(''));

function write(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(write).join('');
  return block(String(value)).replaceAll(/[&<>"']/g, character => ENTITIES[character] ?? '');
}
