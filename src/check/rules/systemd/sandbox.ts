import { findingsOf } from '../../host/sandbox.ts';
import { hostUnits, isWrapper, listens } from '../../host/units.ts';
import type { Rule } from '../../rule.ts';

export const sandbox: Rule = {
  id: 'systemd/sandbox',
  severity: 'warning',
  title: 'a network service that may do more on its host than it needs',
  why: 'Whoever takes over the service has what its unit leaves it: as root the whole host, and otherwise every file, device, kernel call and set-uid program that it never needed.',
  fix: 'Run it as a user of its own and add what is missing; systemd-analyze security shows what each line brings.',
  fixable: 'unsafe',
  example: {
    bad: '[Service]\nExecStart=/opt/chat/bin/chat',
    good: '[Service]\nUser=chat\nNoNewPrivileges=yes\nProtectSystem=strict\nExecStart=/opt/chat/bin/chat',
  },
  check: context =>
    hostUnits(context)
      .filter(({ member }) => member.longRunning && listens(context, member) && !isWrapper(member))
      .flatMap(unit => findingsOf(context, unit)),
};
