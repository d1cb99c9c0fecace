import { type Model, servicesOf } from '../../model/model.ts';
import { labelsOf } from './names.ts';
import type { Manifest } from './object.ts';

/** An identity of its own for each service, which no program is handed a token of. */
export const account = (model: Model): Manifest[] => {
  const { pullSecret } = model.targets.kubernetes ?? {};
  return servicesOf(model, 'kubernetes').map(service => ({
    file: service.key,
    object: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: service.unit, labels: labelsOf(model, service) },
      automountServiceAccountToken: false,
      imagePullSecrets: pullSecret === undefined ? undefined : [{ name: pullSecret }],
    },
  }));
};
