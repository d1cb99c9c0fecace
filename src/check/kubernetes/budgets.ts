import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import { at, placeOf, textOfNode } from '../../artifacts/yaml.ts';
import type { Finding } from '../rule.ts';
import { type Cluster, titled } from './cluster.ts';
import { amount, replicasOf, type Scaled } from './replicas.ts';

/** Where a budget leaves no pod to evict: never, or not as long as there is little load. */
export function forbidden(cluster: Cluster, budget: KubernetesObject, scaled: Scaled): Finding[] {
  const spec = at(budget.root, 'spec');
  const [most, least] = [at(spec, 'maxUnavailable'), at(spec, 'minAvailable')];
  if (most && /^0%?$/.test(textOfNode(most) ?? ''))
    return [
      {
        at: placeOf(most),
        message: `${titled(budget)} lets no pod go: maxUnavailable is ${textOfNode(most)}`,
      },
    ];
  if (!least) return [];
  return cluster.selected(at(spec, 'selector'), budget.namespace).flatMap(({ object }): Finding[] => {
    const replicas = /^(?:Deployment|StatefulSet|ReplicaSet)$/.test(object.kind)
      ? replicasOf(object, scaled)
      : undefined;
    if (!replicas || replicas.most === 0) return [];
    const always = (amount(least, replicas.most) ?? 0) >= replicas.most;
    if (!always && (amount(least, replicas.least) ?? 0) < replicas.least) return [];
    const count = always ? replicas.most : replicas.least;
    return [
      {
        at: placeOf(least),
        ...(always ? {} : { severity: 'warning' as const }),
        message: `${titled(budget)} lets no pod go${always ? '' : ' as long as the autoscaler keeps its least'}: minAvailable is ${textOfNode(least)} of ${count} ${count === 1 ? 'replica' : 'replicas'}`,
        related: [{ ...placeOf(object.root), message: titled(object) }],
      },
    ];
  });
}
