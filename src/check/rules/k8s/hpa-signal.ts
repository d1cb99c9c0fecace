import type { KubernetesObject } from '../../../artifacts/kubernetes/object.ts';
import { at, itemsOf, placeOf, textOfNode } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import { type Cluster, clustersOf, scaledBy, titled, type Workload } from '../../kubernetes/cluster.ts';
import { membersIn } from '../../kubernetes/pods.ts';
import { type Signal, signalsOf } from '../../kubernetes/signals.ts';
import { providerOf } from '../../providers.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const hpaSignal: Rule = {
  id: 'k8s/hpa-signal',
  severity: ['error', 'info'],
  title: 'an autoscaler that looks at what does not tell the load',
  why: 'A utilisation is a share of the request: without one the autoscaler has no number and never scales. A service that waits for a model uses little CPU however many requests it holds, and memory that was once taken is seldom given back.',
  fix: 'Give each container a request of the resource; scale by requests in flight or by a queue where the work is waiting.',
  fixable: 'no',
  example: {
    bad: 'metrics: [{type: Resource, resource: {name: cpu, ...}}]   # no requests.cpu',
    good: 'resources: {requests: {cpu: 250m}}',
  },
  check: context =>
    clustersOf(context).flatMap(cluster =>
      cluster.of('HorizontalPodAutoscaler').flatMap(scaler => findingsOf(context, cluster, scaler)),
    ),
};

function findingsOf(context: Context, cluster: Cluster, scaler: KubernetesObject): Finding[] {
  const spec = at(scaler.root, 'spec');
  const metrics = itemsOf(at(spec, 'metrics'));
  const signals = signalsOf(spec);
  const target = at(spec, 'scaleTargetRef');
  const object = target && scaledBy(cluster, scaler, target);
  const workload = cluster.workloads.find(each => each.object === object);
  const missing =
    workload && cluster.of('LimitRange').length === 0 ? withoutRequest(workload, signals, scaler) : [];
  if (missing.length > 0) return missing;
  const provider =
    workload &&
    membersIn(context, workload)
      .map(providerOf)
      .find(each => each);
  const resources = signals.map(each => each.resource);
  const others = metrics.length > signals.length;
  const doubts = [
    ...(provider && resources.length > 0 && !others && resources.every(each => each === 'cpu')
      ? [`CPU alone is its signal, and a service that calls a model (${provider}) mostly waits`]
      : []),
    ...(resources.includes('memory') ? ['memory is one, which seldom falls when the load does'] : []),
    ...(provider && spec && !at(spec, 'behavior')
      ? ['without behavior it may stop all pods but the least at once']
      : []),
  ];
  return spec && doubts.length > 0
    ? [{ at: placeOf(spec), severity: 'info', message: `${titled(scaler)}: ${doubts.join('; ')}` }]
    : [];
}

/** https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details */
const withoutRequest = (
  { containers, object }: Workload,
  signals: readonly Signal[],
  scaler: KubernetesObject,
): Finding[] =>
  signals
    .filter(each => each.share)
    .flatMap(({ resource, container, node }): Finding[] => {
      const lacking = containers.filter(
        each =>
          (container === undefined || textOfNode(at(each, 'name')) === container) &&
          !at(each, 'resources', 'requests', resource) &&
          // A limit alone is its own request.
          !at(each, 'resources', 'limits', resource),
      );
      const [first] = lacking;
      if (!first) return [];
      const names = lacking.map(each => textOfNode(at(each, 'name')) ?? '');
      return [
        {
          at: placeOf(node),
          message: `${titled(scaler)} scales by a share of the ${resource} request, and ${listed(names)} of ${titled(object)} requests none`,
          related: [{ ...placeOf(first), message: `no resources.requests.${resource}` }],
        },
      ];
    });
