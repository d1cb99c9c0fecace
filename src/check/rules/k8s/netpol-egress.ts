import type { Edit } from '../../../artifacts/text.ts';
import { at, entryOf, placeOf, type YamlNode } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import { type Cluster, clustersOf, titled } from '../../kubernetes/cluster.ts';
import { type Destination, destinationsOf } from '../../kubernetes/destinations.ts';
import {
  hasForeignPolicies,
  letsNamespace,
  letsOutside,
  letsPods,
  letsPort,
  type Reach,
  reachesOf,
} from '../../kubernetes/policies.ts';
import { namesAt } from '../../kubernetes/services.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';

export const netpolEgress: Rule = {
  id: 'k8s/netpol-egress',
  severity: ['error', 'warning'],
  title: 'a policy that keeps a workload from what it has to reach',
  why: 'Once a policy confines egress, all else is dropped: without DNS no name is resolved and every call fails with a timeout; answers that are too long for UDP need TCP 53.',
  fix: 'Let port 53 pass by UDP and TCP, and each destination that the workload is told to use.',
  fixable: 'safe',
  example: {
    bad: 'egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]',
    good: 'egress:\n  - ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]\n  - to: [{podSelector: {matchLabels: {app: db}}}]',
  },
  check: context =>
    clustersOf(context)
      .filter(cluster => !hasForeignPolicies(cluster))
      .flatMap(cluster =>
        reachesOf(cluster, 'egress').flatMap(reach => [
          ...oncePerPlace(withoutDns(reach)),
          ...unreached(context, cluster, reach),
        ]),
      ),
};

const DNS = [53, 5353, 'dns', 'dns-tcp'];

function withoutDns({ workload, rules }: Reach): Finding[] {
  const missing = ['UDP', 'TCP'].filter(protocol => !rules.some(rule => letsPort(rule, DNS, protocol)));
  const [first] = rules;
  if (!first || missing.length === 0) return [];
  const list = at(first.policy.root, 'spec', 'egress');
  return [
    {
      at: placeOf(entryOf(at(first.policy.root, 'spec'), 'egress')?.key ?? first.node),
      ...(missing.includes('UDP') ? {} : { severity: 'warning' as const }),
      message: `${titled(workload.object)} may not ask for names: no policy lets port 53 pass by ${missing.join(' and ')}`,
      edits: dnsRule(list),
    },
  ];
}

/** A rule above the others, where these stand in lines of their own. */
function dnsRule(list: YamlNode | undefined): readonly Edit[] {
  if (list?.kind !== 'list' || list.text.content[list.start] !== '-') return [];
  const { text, start } = list;
  const indent = text.content.slice(text.content.lastIndexOf('\n', start) + 1, start);
  if (indent.trim() !== '') return [];
  const ports = ['UDP', 'TCP'].flatMap(protocol => [`    - port: 53`, `      protocol: ${protocol}`]);
  return [text.edit(start, start, ['- ports:', ...ports, ''].join(`\n${indent}`))];
}

function unreached(context: Context, cluster: Cluster, reach: Reach): Finding[] {
  return destinationsOf(context, cluster, reach.workload)
    .filter(each => !isLet(reach, each))
    .flatMap(each => {
      const policy = reach.policies.at(-1);
      const place = policy && (entryOf(at(policy.root, 'spec'), 'egress')?.key ?? policy.root);
      const message = `${titled(reach.workload.object)} is told to use ${each.host} at port ${each.port} (${each.name}), and no policy lets that pass`;
      return place ? [{ at: placeOf(place), message, related: [{ ...each.at, message: each.name }] }] : [];
    });
}

const isLet = ({ rules }: Reach, { pods, port, namespace }: Destination): boolean =>
  rules.some(rule => {
    if (pods.length > 0)
      return pods.some(
        pod =>
          pod.port === undefined ||
          (letsPods(rule, pod.workload) && letsPort(rule, namesAt(pod.workload, pod.port))),
      );
    return (
      letsPort(rule, [port]) && (namespace === undefined ? letsOutside(rule) : letsNamespace(rule, namespace))
    );
  });
