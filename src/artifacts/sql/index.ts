import type { Kind } from '../document.ts';
import { statements } from './statements.ts';

export const sql: Kind<'sql'> = {
  id: 'sql',
  title: 'SQL script',
  comment: '--',
  names: /\.sql$/i,
  content: text =>
    /^\s*(?:CREATE (?:ROLE|USER|DATABASE|TABLE)|GRANT\s|ALTER (?:ROLE|USER|DEFAULT PRIVILEGES)|REVOKE\s)/im.test(
      text,
    ) && /;\s*$/m.test(text),
  parse: text => ({ body: statements(text.content), faults: [] }),
};
