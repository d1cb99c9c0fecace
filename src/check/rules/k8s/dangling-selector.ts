import type { KubernetesObject } from '../../../artifacts/kubernetes/object.ts';
import { at, entryOf, placeOf, textOfNode, type YamlNode } from '../../../artifacts/yaml.ts';
import {
  type Cluster,
  clustersOf,
  inNamespace,
  scaledBy,
  scalersOf,
  titled,
  type Workload,
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
      ...(cluster.whole ? nothing(cluster).filter(each => context.closed || isBeside(each)) : []),
      ...unofferedPorts(cluster),
    ]),
};

/** Of single files only what one of them contradicts itself in. */
const isBeside = ({ at: { file }, related = [] }: Finding): boolean =>
  related.some(each => each.file === file);

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
  const pairs = pairsOf(selector);
  const [meant] = meantBy(cluster, object, [
    object.name ?? '',
    ...pairs.map(([, value]) => value),
    textOfNode(at(selector, 'name')) ?? '',
  ]);
  const isNamed = /ScaledObject|Autoscaler/.test(object.kind);
  const labels = isNamed ? '' : ` selects ${pairs.map(([key, value]) => `${key}: ${value}`).join(', ')}`;
  const key = object.kind === 'NetworkPolicy' ? 'podSelector' : 'selector';
  return [
    {
      at: placeOf(entryOf(at(object.root, 'spec'), key)?.key ?? selector),
      // Without anything that may be meant here it may well stand in another place.
      ...(meant ? {} : { severity: 'warning' as const }),
      message: `${titled(object)}${labels}: ${said}`,
      related: meant
        ? [
            {
              ...placeOf(at(meant.template, 'metadata', 'labels') ?? meant.object.root),
              message: titled(meant.object),
            },
          ]
        : [],
    },
  ];
}

/** Workloads whose name or a label is like what is asked for. */
const meantBy = (
  cluster: Cluster,
  { namespace }: KubernetesObject,
  asked: readonly string[],
): readonly Workload[] =>
  cluster.workloads.filter(({ object, template }) => {
    const own = [object.name ?? '', ...pairsOf(at(template, 'metadata', 'labels')).map(([, value]) => value)];
    return inNamespace(object.namespace, namespace) && own.some(a => asked.some(b => areLike(a, b)));
  });

const areLike = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) > 2 && (a.startsWith(b) || b.startsWith(a));
