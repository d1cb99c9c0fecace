import type { Document } from '../document.ts';
import { type AnyFact, type Component, stated } from '../fact.ts';
import { imageReference } from '../image.ts';
import { at, entriesOf, itemsOf, numberOf, placeOf, textOfNode, type YamlNode } from '../yaml.ts';
import type { KubernetesObject } from './object.ts';

const POD_TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  Job: ['spec', 'template'],
  Pod: [],
  ReplicaSet: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
};

/** The pod that a workload makes: its metadata and spec; undefined for other objects. */
export function podTemplate(object: KubernetesObject): YamlNode | undefined {
  const path = POD_TEMPLATES[object.kind];
  return path && at(object.root, ...path);
}

export function workloadComponents(document: Document<'kubernetes'>): readonly Component[] {
  return document.body.flatMap(componentsOf);
}

function componentsOf(object: KubernetesObject): Component[] {
  const template = podTemplate(object);
  const spec = at(template, 'spec');
  if (!template || !spec) return [];
  const labels = entriesOf(at(template, 'metadata', 'labels'));
  const app = labels.filter(({ key }) =>
    /^(?:app|app\.kubernetes\.io\/(?:name|component|instance))$/.test(key.source),
  );
  return itemsOf(at(spec, 'containers')).map(container => ({
    platform: 'kubernetes',
    form: 'container',
    name: object.name ?? '',
    aliases: [
      textOfNode(at(container, 'name')) ?? '',
      ...app.map(({ value }) => textOfNode(value) ?? ''),
    ].filter(name => name !== ''),
    at: placeOf(container),
    facts: [...podFacts(object, spec), ...containerFacts(container)],
    longRunning: !/^(?:CronJob|Job)$/.test(object.kind),
  }));
}

function podFacts(object: KubernetesObject, spec: YamlNode): AnyFact[] {
  const grace = at(spec, 'terminationGracePeriodSeconds');
  const replicas = at(object.root, 'spec', 'replicas');
  return [
    ...(grace ? stated('stop.budget', scale(numberOf(grace), 1_000), placeOf(grace)) : []),
    ...(replicas ? stated('replicas', numberOf(replicas), placeOf(replicas)) : []),
  ];
}

const scale = (value: number | undefined, factor: number) =>
  value === undefined ? undefined : value * factor;

function containerFacts(container: YamlNode): AnyFact[] {
  const image = at(container, 'image');
  const sleep = at(container, 'lifecycle', 'preStop', 'sleep', 'seconds');
  return [
    ...(image ? stated('image', imageReference(textOfNode(image) ?? ''), placeOf(image)) : []),
    ...(sleep ? stated('stop.before', scale(numberOf(sleep), 1_000), placeOf(sleep)) : []),
    ...itemsOf(at(container, 'env')).flatMap(item => {
      const [name, value] = [textOfNode(at(item, 'name')), at(item, 'value')];
      return name ? stated('env', { name, ...literal(value) }, placeOf(item)) : [];
    }),
  ];
}

function literal(value: YamlNode | undefined): { value?: string } {
  const text = textOfNode(value);
  return text === undefined ? {} : { value: text };
}
