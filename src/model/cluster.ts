import type { Model, Service } from './model.ts';
import { PRODUCTION } from './namespace.ts';

/** What the runbook, monitoring and the manifests have to agree on. */

/** Data stays with its pod, so pods that have some are told apart. */
export const isStateful = ({ volumes, kind }: Service): boolean => volumes.length > 0 && kind !== 'job';

export const workloadKind = (service: Service): 'Deployment' | 'StatefulSet' =>
  isStateful(service) ? 'StatefulSet' : 'Deployment';

/** Where an operator fills in what the service must keep to itself. */
export const secretName = ({ unit }: Service): string => `${unit}-secrets`;

export const SECRETS_FOLDER = 'deploy/k8s/secrets';

/** What `kubectl apply -k` takes; without an environment it is production's. */
export const overlayOf = ({ environment = PRODUCTION }: Model): string =>
  `deploy/k8s/overlays/${environment}`;
