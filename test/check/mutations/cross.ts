import type { Mutation } from './mutation.ts';

export const CROSS: readonly Mutation[] = [
  {
    rule: 'cross/stop-cuts-drain',
    file: 'deploy/k8s/base/api.yaml',
    from: /terminationGracePeriodSeconds: \d+/,
    to: 'terminationGracePeriodSeconds: 30',
  },
  {
    rule: 'cross/stop-cuts-drain',
    file: 'deploy/systemd/chatbot.service',
    from: /TimeoutStopSec=\d+\w*/,
    to: 'TimeoutStopSec=20',
  },
];
