import { looseForwards } from '../../host/forwarding.ts';
import type { Rule } from '../../rule.ts';

export const forwarding: Rule = {
  id: 'rsyslog/forwarding',
  severity: 'warning',
  title: 'logs that cross the network readable, or are lost with it',
  why: 'Logs hold names, addresses and now and then a prompt: everybody on the way reads them. While the receiver is away, a queue in memory fills and the lines of just that time are dropped.',
  fix: 'Send by TLS (StreamDriver="gtls", StreamDriverMode="1"), queue on disk (queue.type="LinkedList", queue.filename), and filter by $programname.',
  fixable: 'no',
  example: {
    bad: '*.* @@logs.example.com:514',
    good: 'if $programname == "chat" then action(type="omfwd" target="logs.example.com" protocol="tcp" StreamDriver="gtls" StreamDriverMode="1" queue.type="LinkedList" queue.filename="chat")',
  },
  check: looseForwards,
};
