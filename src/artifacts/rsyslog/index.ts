import type { Kind } from '../document.ts';
import { readRows } from '../table.ts';

/** `*.err @@host`: a facility and a severity, and not the files and owners of a CODEOWNERS. */
const FORWARDED =
  /^\s*(?:\*|(?:auth|authpriv|cron|daemon|ftp|kern|lpr|mail|news|security|syslog|user|uucp|local[0-7])(?:,\w+)*)\.(?:\*|[=!]*(?:debug|info|notice|warn(?:ing)?|err(?:or)?|crit|alert|emerg|panic|none))\S*\s+@@?[\w.[]/m;

export const rsyslog: Kind<'rsyslog'> = {
  id: 'rsyslog',
  title: 'rsyslog configuration',
  comment: '#',
  names: /(?:^|\/)(?:rsyslog\.d\/[^/]+\.conf|rsyslog\.conf|[^/]+\.rsyslog\.conf|[^/]*rsyslog[^/]*\.conf)$/,
  content: text =>
    FORWARDED.test(text) || /^\s*(?:action|module|ruleset)\s*\(\s*(?:type|load|name)=/m.test(text),
  parse: text => ({ body: readRows(text), faults: [] }),
};
