import type { Mutation } from './mutation.ts';

export const CONTAINER: readonly Mutation[] = [
  {
    rule: 'container/privileges',
    file: 'compose.prod.yaml',
    from: 'cap_drop: [ALL]',
    to: 'privileged: true',
  },
  {
    rule: 'container/privileges',
    file: 'compose.prod.yaml',
    from: 'user: "10001:10001"',
    to: 'user: "0:0"',
    also: ['cross/identity-differs'],
  },
  {
    rule: 'container/privileges',
    file: 'deploy/k8s/base/api.yaml',
    from: 'allowPrivilegeEscalation: false',
    to: 'allowPrivilegeEscalation: true',
  },
  {
    rule: 'container/privileges',
    file: 'deploy/k8s/base/api.yaml',
    from: '      securityContext:\n        runAsNonRoot: true',
    to: '      hostNetwork: true\n      securityContext:\n        runAsNonRoot: true',
  },
  {
    rule: 'container/state',
    file: 'compose.prod.yaml',
    from: / {4}volumes:\n {6}- type: volume\n.*\n.*\n/,
    to: '',
    at: { line: /^ {4}image: ollama/ },
  },
  {
    rule: 'container/tool-missing',
    of: 'python-asgi',
    file: 'Dockerfile',
    from: /HEALTHCHECK .*\n.*/,
    to: 'HEALTHCHECK CMD ["curl", "-f", "http://127.0.0.1:8001/health/live"]',
  },
];
