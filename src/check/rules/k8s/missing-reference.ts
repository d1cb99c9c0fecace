import type { KubernetesObject } from '../../../artifacts/kubernetes/object.ts';
import { at, entryOf, placeOf, textOfNode } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import { type Cluster, clustersOf, titled } from '../../kubernetes/cluster.ts';
import { issuerOf } from '../../kubernetes/issuers.ts';
import { brokenKustomizations } from '../../kubernetes/kustomize-references.ts';
import { type Known, knownIn } from '../../kubernetes/made-elsewhere.ts';
import { type Reference, referencesOf } from '../../kubernetes/references.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { isPlaceholder } from '../../schemas/fault.ts';

export const missingReference: Rule = {
  id: 'k8s/missing-reference',
  severity: 'error',
  title: 'a reference to something that nothing makes',
  why: 'The pod stays in CreateContainerConfigError or Pending for as long as what it refers to is not there, and a rollout waits for it until its deadline.',
  fix: 'Define it, create it in a step of the deployment, or mark the reference optional: true.',
  fixable: 'no',
  closedSet: true,
  example: {
    bad: 'secretKeyRef: {name: chat, key: API_KEY}   # Secret chat holds OPENAI_API_KEY',
    good: 'secretKeyRef: {name: chat, key: OPENAI_API_KEY}',
  },
  check: context => {
    const known = knownIn(context);
    const clusters = clustersOf(context).filter(each => each.whole);
    return oncePerPlace([
      ...clusters.flatMap(cluster =>
        cluster.workloads.flatMap(workload =>
          referencesOf(workload).flatMap(each => findingsOf(cluster, known, workload.object, each)),
        ),
      ),
      ...clusters.flatMap(cluster =>
        cluster.of('Certificate').flatMap(each => withoutIssuer(context, cluster, each)),
      ),
      ...brokenKustomizations(context),
    ]);
  },
};

function findingsOf(
  cluster: Cluster,
  known: Known,
  object: KubernetesObject,
  reference: Reference,
): Finding[] {
  const { kind, name, key, node } = reference;
  const found = cluster.named(kind, name, object);
  const asked = `${titled(object)} needs ${kind} ${name}`;
  if (!found)
    return known.isMade(kind, name) || isPlaceholder(name) || /^your[-_]/i.test(name)
      ? []
      : [{ at: placeOf(node), message: `${asked}, which nothing here makes` }];
  const data = ['data', 'stringData', 'binaryData'].map(each => at(found.root, each));
  if (!key || data.every(each => each?.kind !== 'map') || data.some(each => at(each, key))) return [];
  const place = entryOf(found.root, 'data')?.key ?? entryOf(found.root, 'stringData')?.key ?? found.root;
  const message = `${titled(object)} needs the key ${key} of ${kind} ${name}, which does not hold it`;
  return [{ at: placeOf(node), message, related: [{ ...placeOf(place), message: `${kind} ${name}` }] }];
}

function withoutIssuer(context: Context, cluster: Cluster, certificate: KubernetesObject): Finding[] {
  const issuer = at(certificate.root, 'spec', 'issuerRef');
  const [kind, name] = [textOfNode(at(issuer, 'kind')) ?? 'Issuer', textOfNode(at(issuer, 'name'))];
  const group = textOfNode(at(issuer, 'group')) ?? 'cert-manager.io';
  if (!issuer || !name || group !== 'cert-manager.io' || !/^(?:Cluster)?Issuer$/.test(kind)) return [];
  if (issuerOf(context, cluster, kind, name, certificate) !== 'missing') return [];
  return [
    {
      at: placeOf(at(issuer, 'name') ?? issuer),
      message: `${titled(certificate)} is to be signed by ${kind} ${name}, which nothing here makes`,
    },
  ];
}
