import { undecidedChecks } from '../../commands/checks.ts';
import type { Rule } from '../../rule.ts';

export const noVerdict: Rule = {
  id: 'script/no-verdict',
  severity: 'error',
  title: 'a check that cannot fail, or cannot end',
  why: 'By itself curl ends well when the answer is 500, grep finds itself in the list of processes, and a list of containers is printed whether they run or not: the check is green while the service is down. What follows a log never ends.',
  fix: 'Let the command decide: `curl --fail`, `systemctl is-active`, `kubectl rollout status`, `docker compose up --wait`; print logs without following them.',
  fixable: 'safe',
  example: {
    bad: 'curl -s http://127.0.0.1:8080/health || exit 1',
    good: 'curl -f -s http://127.0.0.1:8080/health || exit 1',
  },
  check: undecidedChecks,
};
