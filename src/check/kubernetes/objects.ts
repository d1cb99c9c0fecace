import { objectSets } from '../../artifacts/kubernetes/kustomize.ts';
import { CLUSTER_KINDS, type KubernetesObject, podTemplate } from '../../artifacts/kubernetes/object.ts';
import { own } from '../../artifacts/own.ts';
import { at, entriesOf, textOfNode } from '../../artifacts/yaml.ts';
import type { Context } from '../context.ts';

/** Objects of the set that a command may name: by `Deployment chat`, and pods by `app=chat`. */
export type Named = ReadonlyMap<string, readonly KubernetesObject[]>;

export function namedObjects(context: Context): Named {
  const found = new Map<string, KubernetesObject[]>();
  const add = (key: string, object: KubernetesObject) => found.set(key, [...(found.get(key) ?? []), object]);
  for (const { objects } of objectSets(context.documents))
    for (const object of objects) {
      if (CLUSTER_KINDS.has(object.kind)) continue;
      add(`${object.kind} ${object.name}`, object);
      for (const { key, value } of entriesOf(at(podTemplate(object), 'metadata', 'labels')))
        add(`${key.source}=${textOfNode(value)}`, object);
    }
  return found;
}

/** kubectl's short names and plurals: `kubectl api-resources`. */
const KINDS: Readonly<Record<string, string>> = {
  cj: 'CronJob',
  cm: 'ConfigMap',
  configmap: 'ConfigMap',
  cronjob: 'CronJob',
  daemonset: 'DaemonSet',
  deploy: 'Deployment',
  deployment: 'Deployment',
  ds: 'DaemonSet',
  horizontalpodautoscaler: 'HorizontalPodAutoscaler',
  hpa: 'HorizontalPodAutoscaler',
  ing: 'Ingress',
  ingress: 'Ingress',
  job: 'Job',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  pvc: 'PersistentVolumeClaim',
  secret: 'Secret',
  service: 'Service',
  statefulset: 'StatefulSet',
  sts: 'StatefulSet',
  svc: 'Service',
};

export const kindNamed = (text: string): string | undefined => {
  const name = text.toLowerCase().replace(/\..*$/, '');
  return own(KINDS, name) ?? own(KINDS, name.replace(/(?:es|s)$/, '')) ?? own(KINDS, name.replace(/s$/, ''));
};
