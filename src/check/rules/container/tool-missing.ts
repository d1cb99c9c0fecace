import { execsIn } from '../../containers/exec.ts';
import { findingsOf, hooks, steps, uses } from '../../containers/tools.ts';
import { oncePerPlace } from '../../once.ts';
import type { Rule } from '../../rule.ts';

export const toolMissing: Rule = {
  id: 'container/tool-missing',
  severity: 'error',
  title: 'a command in a container whose image does not hold the program',
  why: 'A health check with curl in an image without curl fails each time: the container is unhealthy for ever, what waits for it never starts, or it is killed again and again.',
  fix: 'Install the program, call one that the image has (python, node, the service itself), or use an HTTP probe of the platform.',
  fixable: 'no',
  example: {
    bad: 'FROM python:3.12-slim\nHEALTHCHECK CMD curl -f http://localhost:8000/health',
    good: 'FROM python:3.12-slim\nHEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen(\'http://localhost:8000/health\')"]',
  },
  check: context =>
    oncePerPlace([
      ...context.members.flatMap(member => uses(member).flatMap(use => findingsOf(context, member, use))),
      ...hooks(context),
      ...context.members.filter(({ form }) => form === 'image').flatMap(steps),
      ...execsIn(context).flatMap(({ member, words, at: place }) =>
        findingsOf(context, member, { words, at: place, said: 'exec' }),
      ),
    ]),
};
