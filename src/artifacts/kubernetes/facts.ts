import type { AnyDocument, Document } from '../document.ts';
import { type AnyFact, type Component, stated } from '../fact.ts';
import { containerFacts } from '../pod.ts';
import { at, entriesOf, itemsOf, numberOf, placeOf, textOfNode, type YamlNode } from '../yaml.ts';
import { ingressComponents } from './ingress.ts';
import { isTakenIn, objectSets } from './kustomize.ts';
import { labelOf, lookupOf } from './lookup.ts';
import { type KubernetesObject, podTemplate } from './object.ts';

/** The objects of a manifest that no kustomization takes in. */
export function manifestComponents(
  document: Document<'kubernetes'>,
  set: readonly AnyDocument[],
): readonly Component[] {
  if (isTakenIn(document, set)) return [];
  const all = objectSets(set).find(each => each.from === undefined)?.objects ?? document.body;
  return document.body.flatMap(object => componentsOf(object, all));
}

/** Everything that a kustomization makes which no other takes in. */
export function kustomizationComponents(
  document: Document<'kustomization'>,
  set: readonly AnyDocument[],
): readonly Component[] {
  const all = objectSets(set).find(each => each.from === document)?.objects ?? [];
  return all.flatMap(object => componentsOf(object, all));
}

function componentsOf(object: KubernetesObject, all: readonly KubernetesObject[]): readonly Component[] {
  const template = podTemplate(object);
  return template ? workload(object, template, all) : ingressComponents(object);
}

function workload(
  object: KubernetesObject,
  template: YamlNode,
  all: readonly KubernetesObject[],
): readonly Component[] {
  const spec = at(template, 'spec');
  const configs = (name: string) => {
    const found = lookupOf(all)
      .configMaps.get(name)
      ?.find(each => sameNamespace(each, object));
    return found && at(found.root, 'data');
  };
  const names = aliasesOf(object, template, all);
  return itemsOf(at(spec, 'containers')).map((container, i) => ({
    platform: 'kubernetes',
    form: 'container',
    name: object.name ?? '',
    aliases:
      i === 0
        ? [textOfNode(at(container, 'name')) ?? '', ...names]
        : [textOfNode(at(container, 'name')) ?? ''],
    at: placeOf(container),
    scope: object.namespace ?? '',
    facts: [...podFacts(object, spec), ...containerFacts(spec as YamlNode, container, configs)],
    longRunning: !/^(?:CronJob|Job)$/.test(object.kind),
  }));
}

const sameNamespace = (a: KubernetesObject, b: KubernetesObject): boolean =>
  a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;

/** Names by which others reach it: its app labels, and the Services that select it. */
function aliasesOf(
  object: KubernetesObject,
  template: YamlNode,
  all: readonly KubernetesObject[],
): readonly string[] {
  const labels = entriesOf(at(template, 'metadata', 'labels'));
  const app = labels
    .filter(({ key }) => /^(?:app|app\.kubernetes\.io\/name)$/.test(key.source))
    .map(({ value }) => textOfNode(value) ?? '');
  const candidates = labels.flatMap(label => lookupOf(all).services.get(labelOf(label)) ?? []);
  const services = candidates.filter(
    each => sameNamespace(each, object) && selects(at(each.root, 'spec', 'selector'), template),
  );
  return [...app, ...services.map(each => each.name ?? '')].filter(name => name !== '');
}

/** Whether every label that a selector asks for is one of the pod's; an empty selector selects nothing. */
export function selects(selector: YamlNode | undefined, template: YamlNode): boolean {
  const wanted = entriesOf(selector);
  return (
    wanted.length > 0 &&
    wanted.every(
      ({ key, value }) => textOfNode(at(template, 'metadata', 'labels', key.source)) === textOfNode(value),
    )
  );
}

function podFacts(object: KubernetesObject, spec: YamlNode | undefined): AnyFact[] {
  const grace = at(spec, 'terminationGracePeriodSeconds');
  const replicas = at(object.root, 'spec', 'replicas');
  const policy = at(spec, 'restartPolicy');
  const time = numberOf(grace);
  return [
    ...(grace && time !== undefined ? stated('stop.budget', time * 1_000, placeOf(grace)) : []),
    ...(replicas ? stated('replicas', numberOf(replicas), placeOf(replicas)) : []),
    ...(policy ? stated('restart', textOfNode(policy), placeOf(policy)) : []),
    ...itemsOf(at(spec, 'hostAliases')).flatMap(item =>
      itemsOf(at(item, 'hostnames')).flatMap(name =>
        stated(
          'host.extra',
          { name: textOfNode(name) ?? '', address: textOfNode(at(item, 'ip')) ?? '' },
          placeOf(name),
        ),
      ),
    ),
  ];
}
