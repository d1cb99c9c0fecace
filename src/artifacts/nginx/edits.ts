import type { Edit } from '../text.ts';
import type { Directive } from './nginx.ts';

/** The line's indentation where the directive begins its line; undefined where something stands before it. */
function indentOf({ text, start }: Directive): string | undefined {
  const line = text.content.slice(text.content.lastIndexOf('\n', start - 1) + 1, start);
  // A line of an embedded text has an outer indentation that is not known here.
  return /^[ \t]*$/.test(line) && !text.within ? line : undefined;
}

const newline = ({ text }: Directive): string => (text.content.includes('\r\n') ? '\r\n' : '\n');

/** Further directives before one, each on a line of its own where that one has its own. */
export function before(directive: Directive, added: readonly string[]): Edit {
  const indent = indentOf(directive);
  const between = indent === undefined ? ' ' : `${newline(directive)}${indent}`;
  return directive.text.edit(
    directive.start,
    directive.start,
    added.map(each => `${each}${between}`).join(''),
  );
}

/** The same behind it. */
export function after(directive: Directive, added: readonly string[]): Edit {
  const indent = indentOf(directive);
  const between = indent === undefined ? ' ' : `${newline(directive)}${indent}`;
  return directive.text.edit(directive.end, directive.end, added.map(each => `${between}${each}`).join(''));
}

/** A directive as it is written, to be repeated elsewhere. */
export const sourceOf = ({ text, start, end }: Directive): string => text.content.slice(start, end);
