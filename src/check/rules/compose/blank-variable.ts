import { blanksIn } from '../../containers/blanks.ts';
import type { Rule } from '../../rule.ts';

export const blankVariable: Rule = {
  id: 'compose/blank-variable',
  severity: 'error',
  title: 'a password, key or address that is empty where a variable is not set',
  why: 'All that compose does is to warn: the database gets an empty password, the service an address without its host, and neither is seen before the first request.',
  fix: 'Write ${X:?} so that compose refuses to start without it, or give a default.',
  fixable: 'safe',
  example: { bad: 'POSTGRES_PASSWORD: ${DB_PASSWORD}', good: 'POSTGRES_PASSWORD: ${DB_PASSWORD:?}' },
  check: blanksIn,
};
