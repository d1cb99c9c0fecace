import type { Kind } from '../document.ts';
import { readRows } from '../table.ts';

export const sysusers: Kind<'sysusers'> = {
  id: 'sysusers',
  title: 'sysusers.d file',
  comment: '#',
  names: /(?:^|\/)(?:sysusers\.d\/[^/]+|[^/]*sysusers)\.conf$/,
  parse: text => ({ body: readRows(text), faults: [] }),
};
