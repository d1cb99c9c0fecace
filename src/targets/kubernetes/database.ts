import { ownDatabase } from '../../model/companions.ts';
import type { Model } from '../../model/model.ts';
import type { Engine } from '../../render/engine.ts';
import { rolesOf } from '../database-roles.ts';
import { claimOf, companion } from './companion.ts';
import { databasePod, initName } from './database-pod.ts';
import { databaseName, labels, podsName, selector } from './names.ts';
import type { ConfigMap, Manifest } from './object.ts';
import { bytes } from './resources.ts';

/** The database where it runs beside the service: one server with a volume of its own. */
export const database = (model: Model): Manifest[] => {
  const own = ownDatabase(model);
  if (!own) return [];
  const name = databaseName(model);
  const pods = podsName({ unit: name });
  const reached = {
    selector: selector(name),
    ports: [{ name: 'postgres', port: own.port, targetPort: 'postgres' }],
  };
  return companion(model, 'database', name, metadata => [
    // An address that stays: the name resolves before the pod is ready, and a client that keeps the address outlives it.
    { apiVersion: 'v1', kind: 'Service', metadata, spec: reached },
    // The one that a StatefulSet names its pods by.
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, name: pods },
      spec: { ...reached, clusterIP: 'None', publishNotReadyAddresses: true },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: {
        replicas: 1,
        serviceName: pods,
        selector: { matchLabels: selector(name) },
        template: { metadata: { labels: metadata.labels }, spec: databasePod(model, own) },
        volumeClaimTemplates: [
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: { name: 'data', labels: metadata.labels },
            spec: claimOf(model, bytes(own.size)),
          },
        ],
      },
    },
  ]);
};

/** Runs once, as the superuser: the roles that own the schema, serve and back up. */
export function databaseInit(model: Model, engine: Engine): ConfigMap[] {
  const database = ownDatabase(model);
  if (!database) return [];
  const content = engine.render('kubernetes/init-database.sh', rolesOf(model, database));
  return [
    {
      file: 'database',
      name: initName(model),
      labels: labels(model, databaseName(model), 'database'),
      files: { '10-roles.sh': content },
      // It is read in an empty volume only: another text is no reason to start the database again.
      fixedName: true,
    },
  ];
}
