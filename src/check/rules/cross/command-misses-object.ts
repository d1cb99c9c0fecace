import { unassigned, withoutNamespace } from '../../command-objects.ts';
import type { Rule } from '../../rule.ts';

export const commandMissesObject: Rule = {
  id: 'cross/command-misses-object',
  severity: 'warning',
  title: 'a command on an object that it does not find',
  why: 'In the night that it is needed the command answers "not found": it looks in another namespace, or for a container of another name.',
  fix: 'Name the namespace of the object with -n; name the container as compose or docker run does.',
  fixable: 'safe',
  example: {
    bad: 'kubectl rollout undo deployment/chat   # which stands in namespace chat',
    good: 'kubectl -n chat rollout undo deployment/chat',
  },
  check: context => [...withoutNamespace(context), ...unassigned(context)],
};
