import { kills } from '../../commands/kills.ts';
import type { Rule } from '../../rule.ts';

export const killByName: Rule = {
  id: 'script/kill-by-name',
  severity: 'warning',
  title: 'processes that are ended by their name',
  why: 'A pattern also fits other instances, an editor that has the file open, and the script itself; and what a supervisor started it starts again.',
  fix: 'Stop what started it: `systemctl stop`, `docker stop`; or end one process by the number that its own pid file holds.',
  fixable: 'no',
  example: { bad: 'pkill -f server', good: 'systemctl stop chatbot' },
  check: kills,
};
