import type { AnyDocument } from '../../artifacts/document.ts';
import { objectSets } from '../../artifacts/kubernetes/kustomize.ts';
import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import { podTemplate } from '../../artifacts/kubernetes/object.ts';
import { at, entriesOf, itemsOf, numberOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import { environmentOf } from '../assemble.ts';
import { fits, labelOf, pairsOf } from './labels.ts';

/** What makes pods, with the pods that it makes. */
export interface Workload {
  readonly object: KubernetesObject;
  readonly template: YamlNode;
  readonly spec: YamlNode | undefined;
  readonly containers: readonly YamlNode[];
  /** Goes on until it is stopped. */
  readonly longRunning: boolean;
}

/** Objects that are applied together, by what is asked of them. */
export interface Cluster {
  readonly objects: readonly KubernetesObject[];
  readonly workloads: readonly Workload[];
  /** Every object that it holds is known: no remote base, no chart. */
  readonly whole: boolean;
  of(kind: string): readonly KubernetesObject[];
  named(
    kind: string,
    name: string | undefined,
    beside: Pick<KubernetesObject, 'namespace'>,
  ): KubernetesObject | undefined;
  /** The workloads of a namespace whose pods a selector takes: `matchLabels`, `matchExpressions`, or bare labels. */
  selected(selector: YamlNode | undefined, namespace: string | undefined): readonly Workload[];
}

const KNOWN = new WeakMap<readonly AnyDocument[], readonly Cluster[]>();

export function clustersOf({
  documents,
}: {
  readonly documents: readonly AnyDocument[];
}): readonly Cluster[] {
  const known = KNOWN.get(documents);
  if (known) return known;
  const kustomizations = documents.filter(each => each.kind === 'kustomization').map(each => each.body);
  const whole = !kustomizations.some(isOpen);
  const found = objectSets(documents).map(each => clusterOf(each.objects, whole || each.from === undefined));
  KNOWN.set(documents, found);
  return found;
}

/** Charts and bases elsewhere make objects that are not seen here; and where names are changed their references are not followed. */
const isOpen = (kustomization: YamlNode): boolean =>
  ['resources', 'bases', 'components']
    .flatMap(key => itemsOf(at(kustomization, key)))
    .some(item => /:\/\/|^git@|\?ref=|^github\.com\//.test(textOfNode(item) ?? '')) ||
  [
    'generators',
    'helmChartInflationGenerator',
    'helmCharts',
    'namePrefix',
    'nameSuffix',
    'transformers',
  ].some(key => at(kustomization, key) !== undefined);

function clusterOf(objects: readonly KubernetesObject[], whole: boolean): Cluster {
  const kinds = grouped(objects, each => [each.kind]);
  const names = grouped(objects, each => [`${each.kind} ${each.name}`]);
  const workloads = objects.flatMap(workloadOf);
  const labelled = grouped(workloads, ({ template }) =>
    entriesOf(at(template, 'metadata', 'labels')).map(
      ({ key, value }) => `${key.source}=${textOfNode(value)}`,
    ),
  );
  return {
    objects,
    workloads,
    whole,
    of: kind => kinds.get(kind) ?? [],
    named: (kind, name, beside) =>
      (names.get(`${kind} ${name}`) ?? []).find(each => inNamespace(each.namespace, beside.namespace)),
    selected: (selector, namespace) => {
      const buckets = pairsOf(selector).map(([key, value]) => labelled.get(`${key}=${value}`) ?? []);
      const fewest = buckets.reduce<readonly Workload[]>(
        (a, b) => (b.length < a.length ? b : a),
        buckets[0] ?? workloads,
      );
      return fewest.filter(
        ({ object, template }) =>
          inNamespace(object.namespace, namespace) && fits(selector, labelOf(template)),
      );
    },
  };
}

function workloadOf(object: KubernetesObject): Workload[] {
  const template = podTemplate(object);
  if (!template) return [];
  const spec = at(template, 'spec');
  const longRunning = !/^(?:CronJob|Job|Pod)$/.test(object.kind);
  return [{ object, template, spec, containers: itemsOf(at(spec, 'containers')), longRunning }];
}

/** An object without a namespace gets one when it is applied, and which is not known here. */
export const inNamespace = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined || a === b;

function grouped<T>(
  items: readonly T[],
  keys: (item: T) => readonly string[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items)
    for (const key of keys(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  return groups;
}

/** Not marked as for development or tests by the folder that it stands in. */
export const isProduction = (object: KubernetesObject): boolean =>
  !/^(?:dev|local|test|override)/.test(environmentOf(object.root.text.file) ?? '');

/** `Deployment api`, as messages say it. */
export const titled = ({ kind, name }: KubernetesObject): string => `${kind} ${name ?? ''}`.trim();

/** What scales a workload: autoscalers of Kubernetes, and KEDA's. */
export function scalersOf(cluster: Cluster): readonly {
  readonly scaler: KubernetesObject;
  readonly target: YamlNode;
  readonly least: number;
  readonly most: number;
}[] {
  return [...cluster.of('HorizontalPodAutoscaler'), ...cluster.of('ScaledObject')].flatMap(scaler => {
    const spec = at(scaler.root, 'spec');
    const target = at(spec, 'scaleTargetRef');
    const keda = scaler.kind === 'ScaledObject';
    const least = numberOf(at(spec, keda ? 'minReplicaCount' : 'minReplicas')) ?? (keda ? 0 : 1);
    const most =
      numberOf(at(spec, keda ? 'maxReplicaCount' : 'maxReplicas')) ?? (keda ? 100 : Number.POSITIVE_INFINITY);
    return target ? [{ scaler, target, least, most }] : [];
  });
}

/** The workload that a scaler names, where the set holds it. */
export const scaledBy = (
  cluster: Cluster,
  scaler: KubernetesObject,
  target: YamlNode,
): KubernetesObject | undefined =>
  cluster.named(textOfNode(at(target, 'kind')) ?? 'Deployment', textOfNode(at(target, 'name')), scaler);
