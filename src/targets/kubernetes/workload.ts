import { fewestReplicas, workloadKind } from '../../model/cluster.ts';
import { type Model, type Service, servicesOf } from '../../model/model.ts';
import { claimOf } from './companion.ts';
import { labelsOf, podsName, selector } from './names.ts';
import type { Manifest } from './object.ts';
import { podOf } from './pod.ts';
import { isScaled } from './replicas.ts';
import { bytes } from './resources.ts';

/** Old ReplicaSets to go back to. */
const HISTORY = 5;
/** Beyond the start itself: fetching the image and finding a node. */
const ROLLOUT_MARGIN = 300;
const LEAST_DEADLINE = 600;

export const workload = (model: Model): Manifest[] =>
  servicesOf(model, 'kubernetes')
    .filter(({ kind }) => kind !== 'job')
    .map(service => ({
      file: service.key,
      object: {
        apiVersion: 'apps/v1',
        kind: workloadKind(service),
        metadata: { name: service.unit, labels: labelsOf(model, service) },
        spec: {
          // The autoscaler's number would be overwritten by every apply.
          replicas: isScaled(service) ? undefined : fewestReplicas(service),
          revisionHistoryLimit: HISTORY,
          selector: { matchLabels: selector(service.unit) },
          ...(workloadKind(service) === 'StatefulSet'
            ? statefulSpec(model, service)
            : deploymentSpec(service)),
          template: podOf(model, service),
        },
      },
      notes: notesOf(service),
    }));

/** A new pod is ready before an old one goes; one that has a GPU waits until the old one let go of it. */
const deploymentSpec = ({ capacity: { gpu }, timing }: Service): object => ({
  progressDeadlineSeconds: Math.max(LEAST_DEADLINE, Math.ceil(timing.startup / 1_000) + ROLLOUT_MARGIN),
  strategy: {
    type: 'RollingUpdate',
    rollingUpdate: gpu ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 },
  },
});

const statefulSpec = (model: Model, service: Service): object => ({
  serviceName: podsName(service),
  podManagementPolicy: 'Parallel',
  updateStrategy: { type: 'RollingUpdate' },
  volumeClaimTemplates: service.volumes.map(({ name, size }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, labels: labelsOf(model, service) },
    spec: claimOf(model, bytes(size)),
  })),
});

const POD = '/spec/template/spec';

/** Where the numbers come from. */
function notesOf(service: Service): Record<string, string> {
  const { timing, kind, capacity } = service;
  const seconds = (milliseconds: number) => `${milliseconds / 1_000} s`;
  const grace = [
    ...(kind === 'http' && timing.drainDelay > 0 ? [`${seconds(timing.drainDelay)} of preStop`] : []),
    `${seconds(timing.drain)} of drain`,
    '5 s to end',
  ];
  return {
    [`${POD}/terminationGracePeriodSeconds`]: grace.join(', '),
    [`${POD}/containers/0/startupProbe`]: `${seconds(timing.startup)} to start`,
    ...(capacity.gpu && capacity.scale.kind === 'auto'
      ? { '/spec/replicas': 'An autoscaler would go by the CPU, which says nothing of the load of a GPU.' }
      : {}),
    ...(capacity.gpu
      ? { '/spec/strategy/rollingUpdate': 'The new pod gets the GPU that the old one lets go of.' }
      : {}),
  };
}
