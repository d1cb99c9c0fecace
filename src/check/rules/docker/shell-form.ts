import { shellForms, wrappers } from '../../containers/entry.ts';
import type { Rule } from '../../rule.ts';

export const shellForm: Rule = {
  id: 'docker/shell-form',
  severity: 'warning',
  title: 'a shell between the container and its program',
  why: 'When it stops a container, docker sends SIGTERM to the first process. Most shells neither pass it on nor end: the program is killed after the grace period in the middle of its requests.',
  fix: 'Write the JSON form, or end the script or command with exec.',
  fixable: 'safe',
  example: { bad: 'CMD gunicorn app:app', good: 'CMD ["gunicorn", "app:app"]' },
  check: context =>
    context.members
      .filter(({ form }) => form === 'image')
      .flatMap(image => [...shellForms(image), ...wrappers(context, image)]),
};
