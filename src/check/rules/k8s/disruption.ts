import { at, placeOf } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import { forbidden } from '../../kubernetes/budgets.ts';
import { type Cluster, clustersOf, isProduction, titled, type Workload } from '../../kubernetes/cluster.ts';
import { replicasOf, type Scaled, scaledIn } from '../../kubernetes/replicas.ts';
import { keepsData, rollout } from '../../kubernetes/rollout.ts';
import { behind } from '../../kubernetes/services.ts';
import type { Finding, Rule } from '../../rule.ts';

export const disruption: Rule = {
  id: 'k8s/disruption',
  severity: ['error', 'warning', 'info'],
  title: 'a budget that forbids every eviction, or pods that may all go at once',
  why: 'A budget that leaves no pod to evict stops the drain of a node, and with it the upgrade of the cluster. Without a budget a drain, and with Recreate a rollout, may take every pod at the same moment.',
  fix: 'Use maxUnavailable: 1 in a budget for each workload of two or more replicas, and a rolling update that keeps some of them.',
  fixable: 'no',
  example: {
    bad: 'kind: PodDisruptionBudget\nspec: {minAvailable: 1}   # of 1 replica',
    good: 'kind: PodDisruptionBudget\nspec: {maxUnavailable: 1}',
  },
  check: context =>
    clustersOf(context).flatMap(cluster => {
      const scaled = scaledIn(cluster);
      const budgets = cluster.of('PodDisruptionBudget');
      const guarded = new Set(
        budgets.flatMap(each => cluster.selected(at(each.root, 'spec', 'selector'), each.namespace)),
      );
      const served = new Set(cluster.of('Service').flatMap(each => behind(cluster, each)));
      return [
        ...budgets.flatMap(each => forbidden(cluster, each, scaled)),
        ...cluster.workloads
          .filter(({ object }) => /^(?:Deployment|StatefulSet)$/.test(object.kind) && isProduction(object))
          .flatMap(each => atOnce(context, cluster, each, { scaled, guarded, served })),
      ];
    }),
};

interface Known {
  readonly scaled: Scaled;
  readonly guarded: ReadonlySet<Workload>;
  readonly served: ReadonlySet<Workload>;
}

function atOnce(
  context: Context,
  cluster: Cluster,
  workload: Workload,
  { scaled, guarded, served }: Known,
): Finding[] {
  const { object, spec } = workload;
  const replicas = replicasOf(object, scaled);
  if (!replicas || !served.has(workload)) return [];
  const place = placeOf(at(object.root, 'spec', 'replicas') ?? object.root);
  const note = (message: string): Finding => ({ at: place, severity: 'info', message });
  const alone = scaled.has(object) || keepsData(workload) || replicas.most !== 1;
  const spread = at(spec, 'topologySpreadConstraints') ?? at(spec, 'affinity', 'podAntiAffinity');
  return [
    ...rollout(workload, replicas.least),
    ...(replicas.least > 1 && !guarded.has(workload) && context.closed && cluster.whole
      ? [
          {
            at: place,
            severity: 'warning' as const,
            message: `${titled(object)} has ${replicas.least} replicas and no PodDisruptionBudget: a drain may take all of them at once`,
          },
        ]
      : []),
    ...(alone ? [] : [note(`${titled(object)} has one replica: each drain of its node is an outage`)]),
    ...(replicas.least > 1 && !spread
      ? [note(`${titled(object)} does not say that its ${replicas.least} replicas are spread over nodes`)]
      : []),
  ];
}
