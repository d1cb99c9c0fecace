import { type Model, servicesOf } from '../../model/model.ts';
import { labelsOf } from './names.ts';
import type { KubeObject, Manifest } from './object.ts';

/** An identity of its own for each service, which no program is handed a token of. */
export const account = (model: Model): Manifest[] =>
  servicesOf(model, 'kubernetes').map(service => ({
    file: service.key,
    object: accountOf(model, { name: service.unit, labels: labelsOf(model, service) }),
  }));

export function accountOf(model: Model, metadata: KubeObject['metadata']): KubeObject {
  const { pullSecret } = model.targets.kubernetes ?? {};
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
    automountServiceAccountToken: false,
    imagePullSecrets: pullSecret === undefined ? undefined : [{ name: pullSecret }],
  };
}
