import { fewestReplicas, workloadKind } from '../../model/cluster.ts';
import { type Model, servicesOf } from '../../model/model.ts';
import { labelsOf } from './names.ts';
import type { Manifest } from './object.ts';
import { isScaled } from './replicas.ts';

/** Load of a model's users comes in waves: what was added stays for this long after the last of them. */
const STABLE = 300;

export const autoscaler = (model: Model): Manifest[] =>
  servicesOf(model, 'kubernetes').flatMap(service => {
    const { scale } = service.capacity;
    if (scale.kind !== 'auto' || !isScaled(service)) return [];
    const usage = (name: string, share: number | undefined) =>
      share === undefined
        ? []
        : [
            {
              type: 'Resource',
              resource: {
                name,
                target: { type: 'Utilization', averageUtilization: Math.round(share * 100) },
              },
            },
          ];
    return [
      {
        file: service.key,
        object: {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: service.unit, labels: labelsOf(model, service) },
          spec: {
            scaleTargetRef: { apiVersion: 'apps/v1', kind: workloadKind(service), name: service.unit },
            minReplicas: fewestReplicas(service),
            maxReplicas: scale.max,
            metrics: [...usage('cpu', scale.cpu), ...usage('memory', scale.memory)],
            behavior: {
              scaleUp: {
                stabilizationWindowSeconds: 0,
                selectPolicy: 'Max',
                policies: [
                  { type: 'Percent', value: 100, periodSeconds: 30 },
                  { type: 'Pods', value: 2, periodSeconds: 30 },
                ],
              },
              // One at a time: each ends streams that outlive its drain.
              scaleDown: {
                stabilizationWindowSeconds: STABLE,
                policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
              },
            },
          },
        },
      },
    ];
  });
