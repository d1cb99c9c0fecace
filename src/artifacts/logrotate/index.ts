import type { Kind } from '../document.ts';
import { parseLogrotate } from './parse.ts';

export const logrotate: Kind<'logrotate'> = {
  id: 'logrotate',
  title: 'logrotate configuration',
  comment: '#',
  names: /(?:^|\/)(?:logrotate\.d\/[^/]+|logrotate\.conf|[^/]+\.logrotate)$/,
  content: text =>
    /^\s*"?\/[^\n{]*\{\s*$/m.test(text) &&
    /^\s*(?:rotate\s+\d+|daily|weekly|monthly|copytruncate)\b/m.test(text),
  parse: parseLogrotate,
};
