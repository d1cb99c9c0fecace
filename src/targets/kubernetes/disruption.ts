import { type Model, servicesOf } from '../../model/model.ts';
import { labelsOf, selector } from './names.ts';
import type { Manifest } from './object.ts';
import { mostReplicas } from './replicas.ts';

/** Where there is never more than one copy, a budget would either block the drain of its node or say nothing. */
export const disruptionBudget = (model: Model): Manifest[] =>
  servicesOf(model, 'kubernetes')
    .filter(service => service.kind !== 'job' && mostReplicas(service) > 1)
    .map(service => ({
      file: service.key,
      object: {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: service.unit, labels: labelsOf(model, service) },
        spec: {
          maxUnavailable: 1,
          // A pod that is not ready serves nobody, and must not keep its node from being drained.
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
          selector: { matchLabels: selector(service.unit) },
        },
      },
    }));
