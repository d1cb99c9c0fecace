import type { Mutation } from './mutation.ts';

export const RUNTIME: readonly Mutation[] = [
  {
    rule: 'runtime/no-limits',
    file: 'compose.prod.yaml',
    from: '          cpus: "1"\n          memory: 512m\n          pids: 1024',
    to: '          cpus: "1"\n          pids: 1024',
    at: { line: 'api:' },
  },
  {
    rule: 'runtime/no-limits',
    file: 'deploy/k8s/base/api.yaml',
    from: '              cpu: "1"\n              memory: 512Mi\n',
    to: '              cpu: "1"\n',
    at: { line: '        - name: chatbot' },
  },
  {
    rule: 'runtime/no-limits',
    file: 'deploy/systemd/chatbot.service',
    from: /MemoryMax=.*\nMemoryHigh=.*\n/,
    to: '',
    at: { line: 'ExecStart=' },
  },
  {
    rule: 'runtime/restart',
    file: 'compose.prod.yaml',
    from: '    restart: unless-stopped\n',
    to: '',
    at: { line: 'api:' },
  },
  {
    rule: 'runtime/restart',
    file: 'deploy/systemd/chatbot.service',
    from: 'Restart=always\n',
    to: '',
    at: { line: 'ExecStart=' },
  },
  {
    rule: 'runtime/restart',
    file: 'deploy/systemd/chatbot.service',
    from: 'StartLimitIntervalSec=655s',
    to: 'StartLimitIntervalSec=10s',
    at: { line: 'RestartSec=5s' },
  },
];
