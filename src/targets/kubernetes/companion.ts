import type { Model } from '../../model/model.ts';
import { accountOf } from './account.ts';
import { labels } from './names.ts';
import type { KubeObject, Manifest } from './object.ts';

interface Metadata {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What runs beside the services, in a file of its own: an identity, and what the objects below are named alike. */
export function companion(
  model: Model,
  file: string,
  name: string,
  objectsOf: (metadata: Metadata) => readonly KubeObject[],
): Manifest[] {
  const metadata = { name, labels: labels(model, name, file) };
  return [accountOf(model, metadata), ...objectsOf(metadata)].map(object => ({ file, object }));
}

/** Its pod: as little is handed to it as to those of the services. */
export const companionPod = (model: Model, account: string, spec: object): object => ({
  serviceAccountName: account,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  priorityClassName: model.targets.kubernetes?.priorityClass,
  ...spec,
});

/** The spec of a claim to a volume that one node at a time has. */
export const claimOf = (model: Model, storage: string): object => ({
  accessModes: ['ReadWriteOnce'],
  storageClassName: model.targets.kubernetes?.storageClass,
  resources: { requests: { storage } },
});
