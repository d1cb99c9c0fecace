import { findingsOf } from '../../host/unit-faults.ts';
import type { Rule } from '../../rule.ts';

export const invalidUnit: Rule = {
  id: 'systemd/invalid',
  severity: 'error',
  title: 'a section, directive or value that systemd does not take',
  why: 'What systemd does not know it ignores, and starts the unit all the same: a limit with a slip of the pen is no limit. A program that it cannot find, or that never says that it is ready, does not start at all.',
  fix: 'Write what systemd-analyze verify accepts; put a pipe or redirection into a script, or behind /bin/sh -c.',
  fixable: 'safe',
  example: { bad: '[Service]\nRestrat=always', good: '[Service]\nRestart=always' },
  check: context => context.of('systemd').flatMap(findingsOf),
};
