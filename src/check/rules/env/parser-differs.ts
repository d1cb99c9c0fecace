import { misread, readersOf } from '../../env-readers.ts';
import type { Rule } from '../../rule.ts';

export const parserDiffers: Rule = {
  id: 'env/parser-differs',
  severity: ['error', 'warning'],
  title: 'a line of an env file that its reader takes otherwise than it looks',
  why: 'Env files have no common syntax: docker keeps quotes and comments, systemd fills nothing in, the shell stops at a space. The value is wrong on one platform and right on the other, and a key that does not work looks right in the file.',
  fix: 'Put comments on lines of their own, and write NAME=value without export, spaces, quotes or references.',
  fixable: 'safe',
  example: { bad: 'PORT=8000 # of the API', good: '# of the API\nPORT=8000' },
  check: context => [...readersOf(context)].flatMap(([file, readers]) => misread(file, readers)),
};
