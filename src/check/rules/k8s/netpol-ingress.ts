import type { KubernetesObject } from '../../../artifacts/kubernetes/object.ts';
import { at, placeOf, textOfNode, type YamlNode } from '../../../artifacts/yaml.ts';
import { type Cluster, clustersOf, titled, type Workload } from '../../kubernetes/cluster.ts';
import { pairsOf } from '../../kubernetes/labels.ts';
import { scrapedIn } from '../../kubernetes/monitors.ts';
import { isOfOthers } from '../../kubernetes/operators.ts';
import {
  hasForeignPolicies,
  letsOutside,
  letsPort,
  type Reach,
  reachesOf,
  rulesOf,
} from '../../kubernetes/policies.ts';
import { backendsIn, behind, namesAt, numberAt, portNamed } from '../../kubernetes/services.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';

export const netpolIngress: Rule = {
  id: 'k8s/netpol-ingress',
  severity: 'error',
  title: 'a policy that keeps out the proxy or the monitoring that it is for',
  why: "A podSelector alone selects pods of the policy's own namespace, and ingress controllers and Prometheus mostly run in another: every request is dropped, and callers see timeouts.",
  fix: 'Select the namespace too: namespaceSelector with kubernetes.io/metadata.name beside the podSelector, in the same item.',
  fixable: 'no',
  example: {
    bad: 'from: [{podSelector: {matchLabels: {app.kubernetes.io/name: ingress-nginx}}}]',
    good: 'from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]',
  },
  check: context =>
    clustersOf(context).flatMap(cluster => {
      const own = ownNamespaceOnly(cluster);
      const reaches = new Map(reachesOf(cluster, 'ingress').map(each => [each.workload, each]));
      return oncePerPlace(own.length > 0 || hasForeignPolicies(cluster) ? own : keptOut(cluster, reaches));
    }),
};

/** How their charts and manifests label what runs in a namespace of its own. */
const FOREIGN =
  /^(?:(?:ingress-)?nginx(?:-ingress)?(?:-controller)?|ingress-nginx|traefik|envoy(?:-gateway)?|istio-ingressgateway|haproxy-ingress|kong|contour|(?:kube-)?prometheus(?:-server|-stack|-operator)?)$/;

const isForeign = (selector: YamlNode | undefined): string | undefined =>
  pairsOf(selector).find(
    ([key, value]) =>
      /(?:^|\/)(?:app|name|app\.kubernetes\.io\/name|k8s-app)$/.test(key) &&
      FOREIGN.test(value) &&
      value !== 'nginx',
  )?.[1];

/** Its pods are in the set, or an operator makes them of an object that is. */
const isHere = (cluster: Cluster, policy: KubernetesObject, selector: YamlNode): boolean =>
  cluster.selected(selector, policy.namespace).length > 0 ||
  cluster.of('Prometheus').length > 0 ||
  isOfOthers(cluster, policy, selector);

const ownNamespaceOnly = (cluster: Cluster): Finding[] =>
  cluster.of('NetworkPolicy').flatMap(policy =>
    rulesOf(policy, 'ingress').flatMap(({ peers }) =>
      peers.flatMap((peer): Finding[] => {
        const selector = at(peer, 'podSelector');
        const name = at(peer, 'namespaceSelector') ? undefined : isForeign(selector);
        if (!selector || !name || isHere(cluster, policy, selector)) return [];
        const message = `${titled(policy)} admits ${name} of its own namespace only, and none of the set runs there`;
        return [{ at: placeOf(peer), message }];
      }),
    ),
  );

/** A rule that may be meant for them: of other namespaces, of addresses, or of pods that are none of the set's. */
const admits = (cluster: Cluster, { rules, workload }: Reach, port: number): boolean =>
  rules.some(
    rule =>
      letsPort(rule, namesAt(workload, port)) &&
      (letsOutside(rule) ||
        rule.peers.some(
          peer =>
            at(peer, 'namespaceSelector') !== undefined ||
            cluster.selected(at(peer, 'podSelector'), rule.policy.namespace).length === 0,
        )),
  );

function keptOut(cluster: Cluster, reaches: ReadonlyMap<Workload, Reach>): Finding[] {
  const routed = backendsIn(cluster).flatMap(({ route, service: name, port, node }) => {
    const service = cluster.named('Service', name, route);
    return (service ? behind(cluster, service) : []).flatMap(workload => {
      const number = service && numberAt(workload, service, portNamed(service, textOfNode(port)));
      return number === undefined ? [] : [{ workload, port: number, said: titled(route), node }];
    });
  });
  const scraped = scrapedIn(cluster).map(({ monitor, endpoint, ...each }) => ({
    ...each,
    said: titled(monitor),
    node: endpoint,
  }));
  return [...routed, ...scraped].flatMap(({ workload, port, said, node }): Finding[] => {
    const reach = reaches.get(workload);
    if (!reach || admits(cluster, reach, port)) return [];
    const policy = reach.policies.at(-1);
    const message = `${titled(workload.object)} is reached at port ${port} by ${said}, and no policy admits anything of another namespace there`;
    return policy
      ? [
          {
            at: placeOf(at(policy.root, 'spec', 'ingress') ?? policy.root),
            message,
            related: [{ ...placeOf(node), message: said }],
          },
        ]
      : [];
  });
}
