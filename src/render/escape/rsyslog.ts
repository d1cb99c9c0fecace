import type { Format } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/** A string constant: https://www.rsyslog.com/doc/rainerscript/constant_strings.html */
function constant(value: unknown): string {
  const text = scalarText('rsyslog', value);
  if (/\p{Cc}/u.test(text)) refuse('rsyslog', value, 'a string holds no control characters here');
  return `"${text.replaceAll(/["\\$]/g, '\\$&')}"`;
}

export const rsyslog: Format = {
  id: 'rsyslog',
  place: ({ before }) => (/^\s*#/.test(before) ? 'comment' : 'constant'),
  write: (value, at) => (at === 'comment' ? commentText('rsyslog', value) : constant(value)),
};
