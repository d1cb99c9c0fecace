import type { Format } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/** A log's path between double quotes, in which wildcards still mean something: https://man7.org/linux/man-pages/man8/logrotate.8.html */
function path(value: unknown): string {
  const text = scalarText('logrotate', value);
  return /^[A-Za-z0-9_./@:+ -]+$/.test(text)
    ? `"${text}"`
    : refuse('logrotate', value, 'a path takes letters, digits, spaces and _./@:+- here');
}

export const logrotate: Format = {
  id: 'logrotate',
  place: ({ before }) =>
    /^\s*#/.test(before) ? 'comment' : /^\s*(?:su|create) /.test(before) ? 'name' : 'path',
  write: (value, at) => {
    if (at === 'comment') return commentText('logrotate', value);
    const text = scalarText('logrotate', value);
    if (at === 'path') return path(text);
    return /^[a-z_][a-z0-9_-]*$/.test(text) ? text : refuse('logrotate', value, 'an account is needed here');
  },
};
