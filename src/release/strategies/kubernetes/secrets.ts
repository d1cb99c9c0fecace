import type { V1PodSpec } from '@kubernetes/client-node';
import type { Answer } from '../../../platforms/answer.ts';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import { refusal } from '../../../platforms/kubernetes/refusal.ts';
import { containersIn, podIn } from './objects.ts';
import { below, CORE, type Place } from './place.ts';

/** The name and version of an object, and nothing of what is in it. https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** The version of each Secret that a pod reads; one that is missing keeps them all from starting. */
export async function secretVersions(
  place: Place,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<Answer<Readonly<Record<string, string>>>> {
  const versions: Record<string, string> = {};
  for (const [name, needed] of secretsIn(objects)) {
    const path = below(place, CORE, 'secrets', name);
    const { value, obstacle } = await place.cluster.send({ method: 'GET', path, accept: METADATA }, signal);
    if (obstacle) return { obstacle };
    if (value.status === 404 && needed && !objects.some(each => makes(each, name)))
      return { obstacle: missing(name, place.namespace) };
    // Who may deploy need not be one who may read Secrets.
    if (value.status === 404 || value.status === 403) continue;
    if (value.status !== 200) return { obstacle: refusal(path, value) };
    const { metadata } = JSON.parse(value.body) as { metadata: { resourceVersion: string } };
    versions[name] = metadata.resourceVersion;
  }
  return { value: versions };
}

const missing = (name: string, namespace: string) => ({
  why: `configuration is missing: namespace ${namespace} has no Secret ${name}, which pods read`,
  next: `fill it in as deploy/k8s/secrets says: kubectl --namespace ${namespace} create secret generic ${name}`,
});

/** External secrets, sealed ones and certificates become Secrets in the cluster. */
const makes = (object: KubeObject, name: string): boolean =>
  /Secret$|^Certificate$/.test(object.kind) && JSON.stringify(object).includes(JSON.stringify(name));

/** By name, whether pods start without it. */
export function secretsIn(objects: readonly KubeObject[]): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  for (const object of objects)
    for (const { name, optional } of referencesIn(podIn(object)))
      if (name) found.set(name, found.get(name) === true || optional !== true);
  return found;
}

interface Reference {
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
}

const referencesIn = (pod: V1PodSpec | undefined): Reference[] => [
  ...containersIn(pod).flatMap(({ env = [], envFrom = [] }) => [
    ...env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
    ...envFrom.flatMap(({ secretRef }) => secretRef ?? []),
  ]),
  ...(pod?.volumes ?? []).flatMap(({ secret, projected }) => [
    ...(secret ? [{ name: secret.secretName, optional: secret.optional }] : []),
    ...(projected?.sources ?? []).flatMap(each => each.secret ?? []),
  ]),
  // The kubelet pulls without it, and says what came of that.
  ...(pod?.imagePullSecrets ?? []).map(({ name }) => ({ name, optional: true })),
];
