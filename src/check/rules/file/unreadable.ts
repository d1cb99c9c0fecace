import type { Rule } from '../../rule.ts';

export const unreadable: Rule = {
  id: 'file/unreadable',
  severity: 'error',
  title: 'an artifact that its reader refuses',
  why: 'What does not parse, or lacks what its kind cannot be without, is refused by the program it is for, at the moment of the deploy.',
  fix: 'Mend what the message names; nothing else in the file was judged.',
  fixable: 'no',
  example: { bad: 'services: {api: {image: api:1}', good: 'services: {api: {image: api:1}}' },
  check: ({ complaints }) => complaints.filter(each => each.rule === 'file/unreadable'),
};
