import type { Rule } from '../../rule.ts';

export const encoding: Rule = {
  id: 'file/encoding',
  severity: ['error', 'warning'],
  title: 'line ends, a byte order mark or an encoding that its reader keeps',
  why: 'A carriage return becomes part of the last word: `/bin/bash\\r` is no program, `secret\\r` no password. What is not UTF-8 is shown and compared differently everywhere.',
  fix: 'Save it as UTF-8 without byte order mark and with LF line ends.',
  fixable: 'safe',
  example: { bad: '#!/bin/bash␍', good: '#!/bin/bash' },
  check: ({ complaints }) =>
    complaints.filter(each => each.rule === 'file/encoding').map(each => ({ ...each, severity: 'warning' })),
};
