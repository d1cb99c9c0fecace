import type { Kind } from '../document.ts';
import { readRows } from '../table.ts';

export const tmpfiles: Kind<'tmpfiles'> = {
  id: 'tmpfiles',
  title: 'tmpfiles.d file',
  comment: '#',
  names: /(?:^|\/)(?:tmpfiles\.d\/[^/]+|[^/]*tmpfiles)\.conf$/,
  parse: text => ({ body: readRows(text), faults: [] }),
};
