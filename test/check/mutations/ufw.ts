import type { Mutation } from './mutation.ts';

export const UFW: readonly Mutation[] = [
  {
    rule: 'ufw/invalid',
    file: 'deploy/systemd/firewall.sh',
    from: 'rule allow 443/tcp comment HTTPS',
    to: 'ufw allow 5432 from 10.0.0.5',
  },
  {
    rule: 'ufw/open-backend',
    file: 'deploy/systemd/firewall.sh',
    from: 'rule allow 443/tcp comment HTTPS',
    to: 'rule allow 443/tcp comment HTTPS\nufw allow 9090/tcp',
  },
];
