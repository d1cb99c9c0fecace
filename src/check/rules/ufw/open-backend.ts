import { openPorts } from '../../host/firewall.ts';
import type { Rule } from '../../rule.ts';

export const openBackend: Rule = {
  id: 'ufw/open-backend',
  severity: 'error',
  title: 'a database, backend or metrics port that is open to everybody',
  why: 'Whoever asks the port directly is past the proxy with its TLS, limits and authentication, or has the database before them with nothing but a password between.',
  fix: 'Open it to the address that needs it: ufw allow from 10.0.0.5 to any port 5432 proto tcp.',
  fixable: 'no',
  example: { bad: 'ufw allow 5432/tcp', good: 'ufw allow from 10.0.0.5 to any port 5432 proto tcp' },
  check: openPorts,
};
