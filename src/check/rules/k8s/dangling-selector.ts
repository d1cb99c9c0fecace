import type { KubernetesObject } from '../../../artifacts/kubernetes/object.ts';
import { at, entryOf, placeOf, textOfNode, type YamlNode } from '../../../artifacts/yaml.ts';
import {
  type Cluster,
  clustersOf,
  inNamespace,
  scaledBy,
  scalersOf,
  titled,
} from '../../kubernetes/cluster.ts';
import { isEmpty, pairsOf } from '../../kubernetes/labels.ts';
import { monitoredPods, monitoredServices } from '../../kubernetes/monitors.ts';
import { unofferedPorts } from '../../kubernetes/offered-ports.ts';
import { isOfOthers } from '../../kubernetes/operators.ts';
import type { Finding, Rule } from '../../rule.ts';

export const danglingSelector: Rule = {
  id: 'k8s/dangling-selector',
  severity: ['error', 'warning'],
  title: 'something that selects or names what is not there',
  why: 'Kubernetes takes it without a word: a Service without pods answers nobody, a budget or a policy that selects nothing protects nothing, and a monitor without targets shows no data.',
  fix: 'Make the labels, the name or the port the same on both sides.',
  fixable: 'no',
  example: {
    bad: 'kind: Service\nspec: {selector: {app: chatbot}}   # pods: {app: chat}',
    good: 'kind: Service\nspec: {selector: {app: chat}}',
  },
  check: context =>
    clustersOf(context).flatMap(cluster => [
      ...(context.closed && cluster.whole ? nothing(cluster) : []),
      ...unofferedPorts(cluster),
    ]),
};

/** Where selectors of pods stand, and whether an empty one takes all of them. */
const SELECTORS: readonly (readonly [kind: string, ...path: string[]])[] = [
  ['NetworkPolicy', 'spec', 'podSelector'],
  ['PodDisruptionBudget', 'spec', 'selector'],
  ['Service', 'spec', 'selector'],
];

function nothing(cluster: Cluster): Finding[] {
  const pods = SELECTORS.flatMap(([kind, ...path]) =>
    cluster.of(kind).flatMap(object => {
      const selector = at(object.root, ...path);
      const found = !selector || isEmpty(selector) || cluster.selected(selector, object.namespace).length > 0;
      return found ? [] : dangling(cluster, object, selector, 'no pod of the set has these labels');
    }),
  );
  const monitors = [
    ...cluster.of('ServiceMonitor').filter(each => monitoredServices(cluster, each).length === 0),
    ...cluster.of('PodMonitor').filter(each => monitoredPods(cluster, each).length === 0),
  ].flatMap(object => {
    const selector = at(object.root, 'spec', 'selector');
    const what = object.kind === 'ServiceMonitor' ? 'Service' : 'pod';
    return selector && !isEmpty(selector)
      ? dangling(cluster, object, selector, `no ${what} of the set has these labels`)
      : [];
  });
  const scalers = scalersOf(cluster).flatMap(({ scaler, target }) =>
    scaledBy(cluster, scaler, target) ||
    !/^(?:Deployment|StatefulSet|ReplicaSet)$/.test(textOfNode(at(target, 'kind')) ?? 'Deployment')
      ? []
      : dangling(
          cluster,
          scaler,
          target,
          `there is no ${textOfNode(at(target, 'kind')) ?? 'Deployment'} ${textOfNode(at(target, 'name')) ?? ''} in the set`,
        ),
  );
  return [...pods, ...monitors, ...scalers];
}

function dangling(cluster: Cluster, object: KubernetesObject, selector: YamlNode, said: string): Finding[] {
  if (isOfOthers(cluster, object, selector)) return [];
  const others = cluster.workloads.filter(each => inNamespace(each.object.namespace, object.namespace));
  const labels = pairsOf(selector)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
  const key = entryOf(
    at(object.root, 'spec'),
    object.kind === 'NetworkPolicy' ? 'podSelector' : 'selector',
  )?.key;
  return [
    {
      at: placeOf(key ?? selector),
      // Without any workload here these may well stand in another place.
      ...(others.length > 0 ? {} : { severity: 'warning' as const }),
      message: `${titled(object)}${/ScaledObject|Autoscaler/.test(object.kind) ? '' : ` selects ${labels}`}: ${said}`,
      related:
        others.length === 1
          ? others.map(each => ({
              ...placeOf(at(each.template, 'metadata', 'labels') ?? each.object.root),
              message: titled(each.object),
            }))
          : [],
    },
  ];
}
