import { refusedSteps } from '../../host/firewall.ts';
import type { Rule } from '../../rule.ts';

export const invalidFirewall: Rule = {
  id: 'ufw/invalid',
  severity: 'error',
  title: 'a firewall rule that ufw refuses, or that locks its administrator out',
  why: 'A refused rule leaves the port as it was, and a script without set -e goes on as if it were closed. Enabled before SSH is allowed, the firewall cuts off who enables it.',
  fix: 'Write from address to any port 5432 in this order, addresses instead of names, and allow SSH before ufw enable.',
  fixable: 'no',
  example: {
    bad: 'ufw allow 5432 from 10.0.0.5',
    good: 'ufw allow from 10.0.0.5 to any port 5432 proto tcp',
  },
  check: refusedSteps,
};
