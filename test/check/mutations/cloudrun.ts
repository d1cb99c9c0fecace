import type { Mutation } from './mutation.ts';

export const CLOUDRUN: readonly Mutation[] = [
  {
    rule: 'cloudrun/capacity',
    file: 'deploy/cloudrun/service.yaml',
    from: '      containerConcurrency: 20\n',
    to: '',
    at: { line: 'image: "${AIDEPLOY_IMAGE}"' },
  },
  {
    rule: 'cloudrun/floating-secret',
    file: 'deploy/cloudrun/service.yaml',
    from: 'key: "${AIDEPLOY_SECRET_ANTHROPIC_API_KEY}"',
    to: 'key: latest',
  },
  {
    rule: 'cloudrun/identity',
    file: 'deploy/cloudrun/service.yaml',
    from: / {6}serviceAccountName: .*\n/,
    to: '',
    at: { line: 'image: "${AIDEPLOY_IMAGE}"' },
  },
  {
    rule: 'cloudrun/invalid',
    file: 'deploy/cloudrun/service.yaml',
    from: 'timeoutSeconds: 300',
    to: 'timeoutSeconds: 4000',
  },
  {
    rule: 'cloudrun/one-port',
    file: 'deploy/cloudrun/service.yaml',
    from: '              containerPort: 8080\n',
    to: '              containerPort: 8080\n            - containerPort: 9090\n',
  },
  {
    rule: 'cloudrun/public',
    file: 'deploy/cloudrun/setup.sh',
    from: 'run services remove-iam-policy-binding "$1" "--member=$member"',
    to: 'run services add-iam-policy-binding "$1" --member=allUsers',
  },
  {
    rule: 'cloudrun/invalid',
    file: 'deploy/cloudrun/service.yaml',
    from: 'containerConcurrency: 20',
    to: 'containerConcurrency: 2000',
  },
];
