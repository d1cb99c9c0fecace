import type { Kind } from '../document.ts';
import { readRows } from '../table.ts';

export const dockerignore: Kind<'dockerignore'> = {
  id: 'dockerignore',
  title: '.dockerignore',
  comment: '#',
  names: /(?:^|\/)(?:[^/]*\.)?(?:dockerignore|containerignore)$/,
  parse: text => ({ body: readRows(text), faults: [] }),
};
