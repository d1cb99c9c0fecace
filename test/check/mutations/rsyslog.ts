import type { Mutation } from './mutation.ts';

export const RSYSLOG: readonly Mutation[] = [
  {
    rule: 'rsyslog/forwarding',
    file: 'deploy/systemd/chatbot.rsyslog.conf',
    from: 'StreamDriverMode="1"',
    to: 'StreamDriverMode="0"',
    at: { line: '  action(' },
  },
  {
    rule: 'rsyslog/forwarding',
    file: 'deploy/systemd/chatbot.rsyslog.conf',
    from: '    queue.filename="chatbot-forward"\n',
    to: '',
    at: { line: 'action(' },
  },
];
