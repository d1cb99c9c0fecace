import type { Document } from '../document.ts';
import { type AnyFact, type Component, stated } from '../fact.ts';
import { imageReference } from '../image.ts';
import { goDuration } from '../quantities.ts';
import { at, entriesOf, itemsOf, placeOf, textOfNode, type YamlEntry, type YamlNode } from '../yaml.ts';

export function composeComponents(document: Document<'compose'>): readonly Component[] {
  return document.body.services.map(service => ({
    platform: 'compose',
    form: 'container',
    name: service.key.source,
    aliases: [textOfNode(at(service.value, 'container_name')) ?? ''].filter(name => name !== ''),
    at: placeOf(service.key),
    facts: factsOfService(service),
    longRunning: textOfNode(at(service.value, 'restart')) !== 'no',
  }));
}

function factsOfService({ value: service }: YamlEntry): AnyFact[] {
  const image = at(service, 'image');
  const grace = at(service, 'stop_grace_period');
  return [
    ...(image ? stated('image', imageReference(textOfNode(image) ?? ''), placeOf(image)) : []),
    ...(grace ? stated('stop.budget', goDuration(textOfNode(grace) ?? ''), placeOf(grace)) : []),
    ...environment(at(service, 'environment')),
  ];
}

/** Both forms: a mapping, and a list of NAME=value. */
function environment(node: YamlNode | undefined): AnyFact[] {
  const named = entriesOf(node).flatMap(({ key, value }) =>
    stated('env', variable(key.source, textOfNode(value)), placeOf(key)),
  );
  const listed = itemsOf(node).flatMap(item => {
    const [, name, value] = /^([^=]+)(?:=(.*))?$/s.exec(textOfNode(item) ?? '') ?? [];
    return name ? stated('env', variable(name, value), placeOf(item)) : [];
  });
  return [...named, ...listed];
}

const variable = (name: string, value: string | undefined) =>
  value === undefined ? { name } : { name, value };
