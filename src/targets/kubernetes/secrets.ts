import type { Artifact } from '../../artifacts/artifact.ts';
import { SECRETS_FOLDER } from '../../model/cluster.ts';
import type { Model } from '../../model/model.ts';
import type { Engine } from '../../render/engine.ts';
import { artifact } from './base.ts';
import type { KubeObject } from './object.ts';
import { objects } from './objects.ts';
import { type NamedSecret, secretsNamedBy } from './secret-names.ts';

/** Three ways to fill the Secrets that the objects name, all without a value; no overlay holds any of them. */
export function secretArtifacts(models: readonly Model[], engine: Engine): Artifact[] {
  const [model] = models;
  const secrets = secretsNamedBy(models.flatMap(each => objects(each).map(({ object }) => object)));
  if (secrets.length === 0 || !model) return [];
  const manifest = (secret: NamedSecret): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secret.name, labels: { 'app.kubernetes.io/part-of': model.name } },
    type: secret.type,
    stringData: Object.fromEntries(secret.keys.map(({ key }) => [key, ''])),
  });
  const external = (secret: NamedSecret): KubeObject => ({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: secret.name, labels: { 'app.kubernetes.io/part-of': model.name } },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'the-store' },
      target: {
        name: secret.name,
        creationPolicy: 'Owner',
        ...(secret.type === 'Opaque' ? {} : { template: { type: secret.type } }),
      },
      data: secret.keys.map(({ key }) => ({
        secretKey: key,
        remoteRef: { key: `${model.name}-${key.toLowerCase().replaceAll(/[_.]/g, '-')}` },
      })),
    },
  });
  const notes = (at: string, { keys }: NamedSecret, byKey: boolean) =>
    Object.fromEntries(
      keys.flatMap(({ key, note }, index) => (note ? [[`${at}/${byKey ? key : index}`, note]] : [])),
    );
  const file = (name: string, template: string, view: object) =>
    artifact(`${SECRETS_FOLDER}/${name}`, engine.render(`kubernetes/${template}`, view));
  return [
    file('secrets.example.yaml', 'secrets.yaml', {
      objects: secrets.map(secret => ({
        object: manifest(secret),
        notes: notes('/stringData', secret, true),
      })),
    }),
    file('external-secrets.example.yaml', 'external-secrets.yaml', {
      objects: secrets.map(secret => ({
        object: external(secret),
        notes: notes('/spec/data', secret, false),
      })),
    }),
    // A line of NAME=value holds no PEM.
    ...secrets
      .filter(({ type }) => type === 'Opaque')
      .map(secret => file(`${secret.name}.env.example`, 'secret.properties', secret)),
  ];
}
