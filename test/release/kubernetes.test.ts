import type { V1Pod } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/platforms/kubernetes/discovery.ts';
import { hasField } from '../../src/platforms/kubernetes/fields.ts';
import { conflictsIn, isOfPlatform } from '../../src/platforms/kubernetes/refusal.ts';
import { lastApplied } from '../../src/platforms/kubernetes/standing.ts';
import {
  namesRegistry,
  referenceOf,
  repositoryOf,
  serverOf,
} from '../../src/platforms/registry/reference.ts';
import { groups, identityOf, withoutScaled } from '../../src/release/strategies/kubernetes/objects.ts';
import { hindranceOf } from '../../src/release/strategies/kubernetes/patience.ts';
import { asRestore } from '../../src/release/strategies/kubernetes/restore.ts';
import { secretsIn } from '../../src/release/strategies/kubernetes/secrets.ts';

const object = (kind: string, name: string, more: object = {}, apiVersion = 'apps/v1'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'chat' },
  ...more,
});

describe('a field that the server names', () => {
  const deployment = {
    metadata: { annotations: { 'a.example.com/b.c': 'x' } },
    spec: {
      replicas: 2,
      template: {
        spec: {
          containers: [{ name: 'chat', image: 'i', ports: [{ containerPort: 8080 }], args: ['-v', 'a]b'] }],
        },
      },
    },
  };

  test.each<[string, boolean]>([
    ['.spec.replicas', true],
    ['.spec.paused', false],
    ['.metadata.annotations.a.example.com/b.c', true],
    ['.metadata.annotations.a.example.com/b', false],
    ['.spec.template.spec.containers[name="chat"].image', true],
    ['.spec.template.spec.containers[name="other"].image', false],
    ['.spec.template.spec.containers[name="chat"].resources', false],
    [
      '.spec.template.spec.containers[name="chat"].ports[containerPort=8080,protocol="TCP"].containerPort',
      true,
    ],
    [
      '.spec.template.spec.containers[name="chat"].ports[containerPort=9090,protocol="TCP"].containerPort',
      false,
    ],
    ['.spec.template.spec.containers[name="chat"].args[="a]b"]', true],
    ['.spec.template.spec.containers[name="chat"].args[="-q"]', false],
    ['.spec.template.spec.containers[0].image', true],
    ['.spec.template.spec.containers[1].image', false],
    ['[', false],
  ])('%s: %s', (path, there) => {
    expect(hasField(deployment, path)).toBe(there);
  });

  test('no path stumbles over what is no object', () => {
    for (const value of [undefined, null, 3, 'text', []]) expect(hasField(value, '.a[b="c"]')).toBe(false);
  });
});

describe('what the server refuses', () => {
  test('names who set which field', () => {
    const body = JSON.stringify({
      message: 'Apply failed with 1 conflict',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "kubectl-edit" using apps/v1',
            field: '.spec.replicas',
          },
          { reason: 'Other', message: 'else', field: '.x' },
        ],
      },
    });
    expect(conflictsIn({ status: 409, body })).toEqual([
      { manager: 'kubectl-edit', field: '.spec.replicas' },
    ]);
    expect(conflictsIn({ status: 422, body })).toEqual([]);
    expect(conflictsIn({ status: 409, body: 'no JSON' })).toEqual([]);
  });

  test.each<[number, string, boolean]>([
    [500, '', true],
    [503, '', true],
    [429, '', true],
    [401, '', true],
    [
      403,
      'deployments.apps "chat" is forbidden: User "ci" cannot patch resource "deployments" in API group',
      true,
    ],
    [403, 'pods "chat-1" is forbidden: exceeded quota: small, requested: cpu=2', false],
    [422, 'spec.selector: field is immutable', false],
    [404, 'namespaces "chat" not found', false],
  ])('%i %s is of the platform: %s', (status, message, isIts) => {
    expect(isOfPlatform({ status, body: JSON.stringify({ message }) })).toBe(isIts);
  });
});

describe('images', () => {
  test.each<[string, string, string, string, string]>([
    ['redis', 'docker.io', 'library/redis', 'latest', 'https://registry-1.docker.io'],
    ['acme/chat:1.2', 'docker.io', 'acme/chat', '1.2', 'https://registry-1.docker.io'],
    ['ghcr.io/acme/chat:v1', 'ghcr.io', 'acme/chat', 'v1', 'https://ghcr.io'],
    ['127.0.0.1:5000/chat', '127.0.0.1:5000', 'chat', 'latest', 'http://127.0.0.1:5000'],
    ['localhost/chat:v1@sha256:ab', 'localhost', 'chat', 'v1', 'http://localhost'],
    [
      'registry.example.com:8443/a/b/c:t',
      'registry.example.com:8443',
      'a/b/c',
      't',
      'https://registry.example.com:8443',
    ],
  ])('%s', (image, host, repository, tag, server) => {
    expect(referenceOf(image)).toMatchObject({ host, repository, tag });
    expect(serverOf(host)).toBe(server);
  });

  test('their repository, as it was written', () => {
    expect(repositoryOf('127.0.0.1:5000/chat:v1@sha256:ab')).toBe('127.0.0.1:5000/chat');
    expect(repositoryOf('redis')).toBe('redis');
    expect([
      namesRegistry('chat:v1'),
      namesRegistry('acme/chat'),
      namesRegistry('ghcr.io/acme/chat'),
    ]).toEqual([false, false, true]);
  });
});

describe('objects', () => {
  test('go in the order in which they need each other', () => {
    const all = ['HorizontalPodAutoscaler', 'Deployment', 'ConfigMap', 'Service', 'Namespace', 'StatefulSet'];
    const kinds = groups(all.map(kind => object(kind, 'chat'))).map(group => group.map(({ kind }) => kind));
    expect(kinds).toEqual([
      ['Namespace'],
      ['ConfigMap'],
      ['Service'],
      ['Deployment', 'StatefulSet'],
      ['HorizontalPodAutoscaler'],
    ]);
  });

  test('are the same whichever version of their group says them', () => {
    const [old, current] = ['autoscaling/v1', 'autoscaling/v2'].map(version =>
      identityOf(object('HorizontalPodAutoscaler', 'chat', {}, version)),
    );
    expect(old).toBe(current);
    expect(identityOf(object('Service', 'chat', {}, 'v1'))).not.toBe(
      identityOf(object('Service', 'chat', {}, 'serving.knative.dev/v1')),
    );
  });

  test('say nothing of how many copies there are where an autoscaler does', () => {
    const scaler = object(
      'HorizontalPodAutoscaler',
      'chat',
      { spec: { scaleTargetRef: { kind: 'Deployment', name: 'chat' } } },
      'autoscaling/v2',
    );
    const [scaled, other] = withoutScaled([
      object('Deployment', 'chat', { spec: { replicas: 2, paused: false } }),
      object('Deployment', 'redis', { spec: { replicas: 2 } }),
      scaler,
    ]);
    expect(scaled).toMatchObject({ spec: { paused: false } });
    expect((scaled as { spec?: object }).spec).not.toHaveProperty('replicas');
    expect(other).toMatchObject({ spec: { replicas: 2 } });
  });

  test('of several releases tell the one that was applied last', () => {
    const at = (release: string | undefined, time: string, manager = 'aideploy') => ({
      ...object('Deployment', 'chat'),
      metadata: {
        name: 'chat',
        ...(release !== undefined && { annotations: { 'aideploy.dev/release': release } }),
        managedFields: [
          { manager, operation: 'Apply', time },
          { manager: 'kube-controller-manager', operation: 'Update', time: '2027-01-01T00:00:00Z' },
        ],
      },
    });
    expect(lastApplied([at('v1', '2026-01-01T00:00:01Z'), at('v2', '2026-01-01T00:00:02Z')])).toBe('v2');
    expect(lastApplied([at('v2', '2026-01-01T00:00:02Z'), at('v1', '2026-01-01T00:00:03Z')])).toBe('v1');
    expect(lastApplied([at(undefined, '2026-01-01T00:00:02Z')])).toBeUndefined();
    expect(lastApplied([])).toBeUndefined();
  });
});

test('Secrets that pods read, and whether they start without', () => {
  const spec = {
    template: {
      spec: {
        imagePullSecrets: [{ name: 'pull' }],
        initContainers: [{ envFrom: [{ secretRef: { name: 'all', optional: true } }] }],
        containers: [
          {
            env: [
              { valueFrom: { secretKeyRef: { name: 'keys', key: 'a', optional: true } } },
              { valueFrom: { secretKeyRef: { name: 'keys', key: 'b' } } },
            ],
          },
        ],
        volumes: [
          { secret: { secretName: 'files' } },
          { projected: { sources: [{ secret: { name: 'part' } }] } },
        ],
      },
    },
  };
  const later = {
    jobTemplate: {
      spec: { template: { spec: { containers: [{ envFrom: [{ secretRef: { name: 'job' } }] }] } } },
    },
  };
  expect(
    Object.fromEntries(
      secretsIn([
        object('Deployment', 'chat', { spec }),
        object('CronJob', 'migrate', { spec: later }, 'batch/v1'),
      ]),
    ),
  ).toEqual({
    pull: false,
    all: false,
    keys: true,
    files: true,
    part: true,
    job: true,
  });
});

describe('how long a pod may be kept from its start', () => {
  const pod = (state: object, more: object = {}, spec: object = {}): V1Pod => ({
    metadata: { name: 'chat-1' },
    spec: { containers: [{ name: 'chat', ...spec }] },
    status: {
      containerStatuses: [
        { name: 'chat', image: '', imageID: '', ready: false, restartCount: 0, state, ...more },
      ],
    },
  });
  const waiting = (reason: string, message = '') => ({ waiting: { reason, message } });
  const running = { running: {} };
  const startupProbe = { periodSeconds: 5, failureThreshold: 12 };

  test.each<[string, V1Pod, number | undefined]>([
    ['the image is not there', pod(waiting('ImagePullBackOff', 'ghcr.io/acme/chat: not found')), 10_000],
    ['the registry does not answer', pod(waiting('ErrImagePull', 'dial tcp: i/o timeout')), 90_000],
    ['the image has no name', pod(waiting('InvalidImageName')), 0],
    [
      'a key of a Secret is missing',
      pod(waiting('CreateContainerConfigError', "couldn't find key A")),
      20_000,
    ],
    ['it crashed once', pod(waiting('CrashLoopBackOff'), { restartCount: 1 }), undefined],
    ['it crashes on and on', pod(waiting('CrashLoopBackOff'), { restartCount: 3 }), 0],
    ['it starts', pod(running, { started: false }, { startupProbe }), 180_000],
    ['it started and is not ready', pod(running, { started: true }, { startupProbe }), 60_000],
    ['it is made', pod(waiting('ContainerCreating')), 120_000],
    [
      'it serves',
      { ...pod(running), status: { conditions: [{ type: 'Ready', status: 'True' }] } },
      undefined,
    ],
    [
      'no node has room',
      {
        metadata: { name: 'chat-1' },
        status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
      },
      300_000,
    ],
  ])('%s', (_, given, patience) => {
    expect(hindranceOf(given)?.patience).toBe(patience);
  });
});

test('a restore is the pod of the backups with both passwords, and neither in its arguments', () => {
  const key = { name: 'chat-db-passwords', key: 'DATABASE_BACKUP_PASSWORD' };
  const container = {
    name: 'backup',
    command: ['bash', 'backup.sh'],
    env: [{ name: 'PGPASSWORD', valueFrom: { secretKeyRef: key } }],
  };
  const given = {
    ...object('CronJob', 'chat-backup', {}, 'batch/v1'),
    spec: { schedule: '@daily', jobTemplate: { spec: { template: { spec: { containers: [container] } } } } },
  };
  const [made] =
    asRestore(given, 'chat_backup', 'chat_1; rm -rf /').spec?.jobTemplate.spec?.template.spec?.containers ??
    [];
  expect(made?.command?.slice(3)).toEqual(['restore', 'chat_backup', 'chat_1; rm -rf /']);
  expect(made?.command?.[2]).not.toContain('chat_1');
  expect(made?.env?.map(({ name, valueFrom }) => [name, valueFrom?.secretKeyRef?.key])).toEqual([
    ['PGPASSWORD', 'DATABASE_BACKUP_PASSWORD'],
    ['DATABASE_ADMIN_PASSWORD', 'DATABASE_ADMIN_PASSWORD'],
  ]);
  expect(container.command).toEqual(['bash', 'backup.sh']);
});
