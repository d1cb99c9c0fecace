import type { KubernetesObject } from '../../../artifacts/kubernetes/object.ts';
import { at, entryOf, numberOf, placeOf } from '../../../artifacts/yaml.ts';
import { type Cluster, clustersOf, scaledBy, scalersOf, titled } from '../../kubernetes/cluster.ts';
import type { Finding, Rule } from '../../rule.ts';
import { withoutLine } from '../../yaml-lines.ts';

export const hpaOwnsReplicas: Rule = {
  id: 'k8s/hpa-owns-replicas',
  severity: 'warning',
  title: 'a number of replicas that an autoscaler owns',
  why: 'Each apply sets the workload back to the written number, whatever the load: in the middle of a peak most of its pods are stopped, and the autoscaler starts them again.',
  fix: 'Leave replicas out of the workload; minReplicas of the autoscaler says how many there are at least.',
  fixable: 'safe',
  example: {
    bad: 'kind: Deployment\nspec:\n  replicas: 3   # and an HPA scales it',
    good: 'kind: Deployment\nspec: {}   # minReplicas: 3 in the HPA',
  },
  check: context => {
    const owned = clustersOf(context).map(cluster => ({
      cluster,
      scaled: new Map(
        scalersOf(cluster).flatMap(each => {
          const workload = scaledBy(cluster, each.scaler, each.target);
          return workload ? [[workload, each] as const] : [];
        }),
      ),
    }));
    const shared = new Set(owned.flatMap(each => unscaled(each.cluster, each.scaled)));
    return owned.flatMap(({ scaled }) =>
      [...scaled].flatMap(([workload, { scaler, least, most }]): Finding[] => {
        const replicas = at(workload.root, 'spec', 'replicas');
        const count = numberOf(replicas);
        if (!replicas || count === undefined) return [];
        const range = `${least} to ${Number.isFinite(most) ? most : 'many'}`;
        const outside = count < least || count > most ? ', which is outside of them' : '';
        return [
          {
            at: placeOf(entryOf(at(workload.root, 'spec'), 'replicas')?.key ?? replicas),
            message: `${titled(workload)} sets replicas to ${count}, and ${titled(scaler)} scales it from ${range}${outside}`,
            related: [
              {
                ...placeOf(at(scaler.root, 'spec', 'scaleTargetRef') ?? scaler.root),
                message: `${titled(scaler)}: ${range}`,
              },
            ],
            // A base may serve an overlay that has no autoscaler, and which needs the number.
            edits: shared.has(JSON.stringify(placeOf(replicas)))
              ? []
              : withoutLine(at(workload.root, 'spec'), 'replicas'),
          },
        ];
      }),
    );
  },
};

/** Where the replicas of workloads stand that nothing scales. */
const unscaled = (
  { workloads }: Cluster,
  scaled: ReadonlyMap<KubernetesObject, unknown>,
): readonly string[] =>
  workloads.flatMap(({ object }) => {
    const replicas = scaled.has(object) ? undefined : at(object.root, 'spec', 'replicas');
    return replicas ? [JSON.stringify(placeOf(replicas))] : [];
  });
