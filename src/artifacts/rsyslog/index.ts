import type { Kind } from '../document.ts';
import { readRows } from '../table.ts';

export const rsyslog: Kind<'rsyslog'> = {
  id: 'rsyslog',
  title: 'rsyslog configuration',
  comment: '#',
  names: /(?:^|\/)(?:rsyslog\.d\/[^/]+\.conf|rsyslog\.conf|[^/]+\.rsyslog\.conf|[^/]*rsyslog[^/]*\.conf)$/,
  content: text =>
    /^\s*(?:\*|[\w,;]+)\.(?:\*|\w+)\s+@@?[\w.[]/m.test(text) ||
    /^\s*(?:action|module|ruleset)\s*\(\s*(?:type|load|name)=/m.test(text),
  parse: text => ({ body: readRows(text), faults: [] }),
};
