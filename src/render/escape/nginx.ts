import type { Format, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/** Means itself to nginx's parser, wherever it stands. */
const PLAIN = /^[A-Za-z0-9_./:@%+,=-]+$/;
/** A parameter and its quotes have to fit into the parser's buffer (NGX_CONF_BUFFER, 4096 bytes). */
const LONGEST = 4_000;
/** Its parameters are no templates of variables: a dollar sign in them is one. */
const LITERAL = /^\s*location\s/;

/**
 * One parameter. Between quotes the parser takes a backslash off before a quote and another backslash, and makes
 * control characters of \t, \r and \n: https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c
 */
export function nginxParameter(text: string, literalDollar = false): string {
  if (text.includes('\0')) refuse('nginx', text, 'its parser ends a text at a NUL');
  if (text.includes('$') && !literalDollar)
    refuse('nginx', text, 'a dollar sign begins a variable, and nothing escapes it');
  const written = PLAIN.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  if (Buffer.byteLength(written) > LONGEST) refuse('nginx', text, 'a parameter has at most 4000 bytes');
  return written;
}

/** A part of a parameter, such as the port of an address, brings no quotes: the rest may have some. */
function part(text: string): string {
  if (text !== '' && PLAIN.test(text)) return text;
  return refuse('nginx', text, `a part of a parameter is letters, digits and _./:@%+,=-`);
}

function place({ before, after }: Surroundings): string {
  if (/^\s*#/.test(before)) return 'comment';
  const quotes = before.replaceAll(/\\./g, '').replaceAll(/'[^']*'|"[^"]*"/g, '');
  if (/['"]/.test(quotes)) return 'part';
  if (!/^$|\s$/.test(before) || !/^[\s;]|^$/.test(after)) return 'part';
  return LITERAL.test(before) ? 'literal' : 'parameter';
}

export const nginx: Format = {
  id: 'nginx',
  place,
  write: (value, at) => {
    if (at === 'comment') return commentText('nginx', value);
    const text = scalarText('nginx', value);
    return at === 'part' ? part(text) : nginxParameter(text, at === 'literal');
  },
};
