/** What the model's numbers are in the objects. */
import { describe, expect, test } from 'vitest';
import { valueAt } from '../../../src/config/issues.ts';
import { objects } from '../../../src/targets/kubernetes/objects.ts';
import { bytes, cores, gpuResource } from '../../../src/targets/kubernetes/resources.ts';
import { minimal } from '../../config/fixtures.ts';
import { modelOf } from '../../model/models.ts';

const K8S = 'targets: {kubernetes: {}}';
const POD = 'spec.template.spec';
const CONTAINER = `${POD}.containers.0`;
const step = (part: string) => (/^\d+$/.test(part) ? Number(part) : part);

/** The object of a kind that the smallest service has, with some lines of its own. */
const objectOf = (kind: string, lines: string, more = K8S) =>
  objects(modelOf(minimal(more, lines))).find(({ object }) => object.kind === kind)?.object;

type Row = readonly [lines: string, kind: string, path: string, value: unknown];

const ROWS: readonly Row[] = [
  // A stop: preStop counts inside the grace, and the drain is whole.
  ['', 'Deployment', `${POD}.terminationGracePeriodSeconds`, 80],
  ['', 'Deployment', `${CONTAINER}.lifecycle.preStop.sleep.seconds`, 10],
  ['timeouts: {drain: 20s, drainDelay: 2.5s}', 'Deployment', `${POD}.terminationGracePeriodSeconds`, 28],
  [
    'timeouts: {drain: 20s, drainDelay: 2.5s}',
    'Deployment',
    `${CONTAINER}.lifecycle.preStop.sleep.seconds`,
    3,
  ],
  ['timeouts: {drain: 20s, drainDelay: 0s}', 'Deployment', `${POD}.terminationGracePeriodSeconds`, 25],
  ['timeouts: {drain: 20s, drainDelay: 0s}', 'Deployment', `${CONTAINER}.lifecycle`, undefined],
  // Probes: the start is waited for, and a busy process is not killed before it is taken out.
  ['', 'Deployment', `${CONTAINER}.startupProbe`, http('/live', 5, 3, 12)],
  ['timeouts: {startup: 301s}', 'Deployment', `${CONTAINER}.startupProbe`, http('/live', 5, 3, 61)],
  ['timeouts: {startup: 1s}', 'Deployment', `${CONTAINER}.startupProbe`, http('/live', 5, 3, 3)],
  ['', 'Deployment', `${CONTAINER}.livenessProbe`, http('/live', 10, 5, 6)],
  ['', 'Deployment', `${CONTAINER}.readinessProbe`, http('/ready', 5, 3, 3)],
  // The rollout is given up after the start and what comes before it.
  ['', 'Deployment', 'spec.progressDeadlineSeconds', 600],
  ['timeouts: {startup: 20m}', 'Deployment', 'spec.progressDeadlineSeconds', 1500],
  ['', 'Deployment', 'spec.strategy.rollingUpdate', { maxSurge: 1, maxUnavailable: 0 }],
  // How many, and who says so.
  ['', 'Deployment', 'spec.replicas', 1],
  ['scale: {replicas: 3}', 'Deployment', 'spec.replicas', 3],
  ['scale: {min: 2, max: 5}', 'Deployment', 'spec.replicas', undefined],
  ['scale: {min: 2, max: 5}', 'HorizontalPodAutoscaler', 'spec.minReplicas', 2],
  ['scale: {min: 2, max: 5}', 'HorizontalPodAutoscaler', 'spec.maxReplicas', 5],
  ['scale: {min: 2, max: 5, cpu: 55%}', 'HorizontalPodAutoscaler', 'spec.metrics', [usage('cpu', 55)]],
  [
    'scale: {min: 2, max: 5, memory: 80%}',
    'HorizontalPodAutoscaler',
    'spec.metrics',
    [usage('cpu', 70), usage('memory', 80)],
  ],
  ['scale: {replicas: 3}', 'HorizontalPodAutoscaler', 'spec', undefined],
  ['scale: {replicas: 2}', 'PodDisruptionBudget', 'spec.maxUnavailable', 1],
  ['scale: {replicas: 1}', 'PodDisruptionBudget', 'spec', undefined],
  // A GPU: one pod lets go of it before the next takes it, and CPU says nothing of its load.
  [
    'resources: {gpu: {count: 2}}',
    'Deployment',
    `${CONTAINER}.resources.limits`,
    {
      cpu: '1',
      memory: '512Mi',
      'ephemeral-storage': '1Gi',
      'nvidia.com/gpu': 2,
    },
  ],
  [
    'resources: {gpu: {count: 2}}',
    'Deployment',
    'spec.strategy.rollingUpdate',
    { maxSurge: 0, maxUnavailable: 1 },
  ],
  [
    'resources: {gpu: {count: 2}}',
    'Deployment',
    `${POD}.tolerations`,
    [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  ],
  ['resources: {gpu: {count: 1}}\n    scale: {min: 2, max: 5}', 'Deployment', 'spec.replicas', 2],
  ['resources: {gpu: {count: 1}}\n    scale: {min: 2, max: 5}', 'HorizontalPodAutoscaler', 'spec', undefined],
  // Temporary files have a bound, and count as the container's disk.
  ['resources: {disk: 5Gi}', 'Deployment', `${POD}.volumes.0.emptyDir.sizeLimit`, '5Gi'],
  ['resources: {disk: 5Gi}', 'Deployment', `${CONTAINER}.resources.limits.ephemeral-storage`, '5Gi'],
  ['resources: {disk: 5Gi}', 'Deployment', `${CONTAINER}.resources.requests.ephemeral-storage`, '5Gi'],
  // Data makes a StatefulSet of it, and its group owns the volume.
  ['volumes: [{name: data, path: /data, size: 3Gi}]', 'Deployment', 'spec', undefined],
  ['volumes: [{name: data, path: /data, size: 3Gi}]', 'StatefulSet', 'spec.serviceName', 'chat-pods'],
  [
    'volumes: [{name: data, path: /data, size: 3Gi}]',
    'StatefulSet',
    `${POD}.securityContext.fsGroup`,
    10_001,
  ],
  [
    'volumes: [{name: data, path: /data, size: 3Gi}]',
    'StatefulSet',
    'spec.volumeClaimTemplates.0.spec.resources.requests.storage',
    '3Gi',
  ],
  [
    'user: {uid: 7, gid: 8}',
    'Deployment',
    `${POD}.securityContext`,
    {
      runAsNonRoot: true,
      runAsUser: 7,
      runAsGroup: 8,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  ],
];

function http(path: string, periodSeconds: number, timeoutSeconds: number, failureThreshold: number) {
  return { httpGet: { path, port: 'http' }, periodSeconds, timeoutSeconds, failureThreshold };
}

function usage(name: string, averageUtilization: number) {
  return { type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization } } };
}

test.each(ROWS)('%s → %s %s', (lines, kind, path, value) => {
  expect(valueAt(objectOf(kind, lines), path.split('.').map(step))).toEqual(value);
});

describe('services of other kinds', () => {
  const only = (service: string) =>
    objects(modelOf(`version: 1\nname: chat\nservices:\n  it: ${service}\n${K8S}\n`)).map(
      ({ object }) => object,
    );
  const pod = (service: string, kind: string, path: string) =>
    valueAt(
      only(service).find(object => object.kind === kind),
      path.split('.').map(step),
    );

  test('a worker is sent nothing: it has no Service, no probe and no delay', () => {
    const worker = '{language: go, kind: worker}';
    expect(only(worker).map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'Deployment',
      'NetworkPolicy',
      'NetworkPolicy',
    ]);
    expect(pod(worker, 'Deployment', `${CONTAINER}.lifecycle`)).toBeUndefined();
    expect(pod(worker, 'Deployment', `${CONTAINER}.readinessProbe`)).toBeUndefined();
    expect(pod(worker, 'Deployment', `${POD}.terminationGracePeriodSeconds`)).toBe(70);
  });

  test('a job runs by its schedule, or waits for somebody who starts it', () => {
    const job = (more: string) => `{language: go, kind: job, build: {main: ./cmd/job}${more}}`;
    expect(pod(job(', schedule: "5 4 * * *"'), 'CronJob', 'spec.schedule')).toBe('5 4 * * *');
    expect(pod(job(', schedule: "5 4 * * *"'), 'CronJob', 'spec.suspend')).toBeUndefined();
    expect(pod(job(''), 'CronJob', 'spec.suspend')).toBe(true);
    expect(pod(job(''), 'CronJob', 'spec.jobTemplate.spec.backoffLimit')).toBe(0);
  });

  test.each([
    ['{image: "grpc:1", port: 1, grpc: {port: 50051}}', { grpc: { port: 50_051 } }],
    ['{image: "grpc:1", port: 1, grpc: {port: 50051, tls: true}}', { tcpSocket: { port: 'http' } }],
    ['{image: "redis:8", port: 6379}', { exec: { command: ['redis-cli', '-p', '6379', 'ping'] } }],
    ['{image: "cache:1", port: 7000}', { tcpSocket: { port: 'http' } }],
  ])('%s is asked by what it speaks', (service, question) => {
    expect(pod(service, 'Deployment', `${CONTAINER}.readinessProbe`)).toMatchObject(question);
  });

  test('only Go is told of its share', () => {
    const [go, node] = ['go', 'node'].map(
      language => `{language: ${language}, kind: worker, build: {main: ./x}}`,
    );
    expect(pod(go ?? '', 'Deployment', `${CONTAINER}.envFrom.0.configMapRef.name`)).toBe('chat-environment');
    expect(pod(node ?? '', 'Deployment', `${CONTAINER}.envFrom`)).toBeUndefined();
  });
});

describe('quantities', () => {
  test.each([
    [2 ** 30, '1Gi'],
    [1.5 * 2 ** 30, '1536Mi'],
    [2e9, '2G'],
    [512e6, '512M'],
    [1025, '1025'],
    [1024, '1Ki'],
  ])('%d bytes are %s', (count, text) => expect(bytes(count)).toBe(text));

  test.each([
    [1000, '1'],
    [250, '250m'],
    [1500, '1500m'],
  ])('%d millicores are %s', (count, text) => expect(cores(count)).toBe(text));

  test.each([
    [undefined, 'nvidia.com/gpu'],
    ['nvidia-l4', 'nvidia.com/gpu'],
    ['amd-mi300x', 'amd.com/gpu'],
  ])('a GPU of type %s is %s', (type, resource) =>
    expect(gpuResource({ count: 1, ...(type === undefined ? {} : { type }) })).toBe(resource),
  );
});
