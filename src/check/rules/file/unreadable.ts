import { placeOf } from '../../../artifacts/yaml.ts';
import type { Finding, Rule } from '../../rule.ts';
import type { Fault } from '../../schemas/fault.ts';
import { composeFaults, workflowFaults } from '../../schemas/files.ts';

export const unreadable: Rule = {
  id: 'file/unreadable',
  severity: 'error',
  title: 'an artifact that its reader refuses',
  why: 'What does not parse, lacks what its kind cannot be without, or has a key that its reader does not know is refused by the program it is for, at the moment of the deploy.',
  fix: 'Mend what the message names; nothing else in the file was judged.',
  fixable: 'no',
  example: { bad: 'services: {api: {image: api:1}', good: 'services: {api: {image: api:1}}' },
  check: ({ complaints, of }) => [
    ...complaints.filter(each => each.rule === 'file/unreadable'),
    ...of('compose').flatMap(document => composeFaults(document).map(unknown('the compose specification'))),
    ...of('workflow').flatMap(document => workflowFaults(document).map(unknown("GitHub's workflow syntax"))),
  ],
};

const unknown =
  (reference: string) =>
  ({ at, message }: Fault): Finding => ({
    at: placeOf(at),
    message,
    fix: `Write what ${reference} has.`,
  });
