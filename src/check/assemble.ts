import type { AnyDocument, Document, KindId } from '../artifacts/document.ts';
import type { Component } from '../artifacts/fact.ts';
import { componentsOf } from '../artifacts/kinds.ts';
import type { Recognised } from '../artifacts/recognise.ts';
import type { Context, Member } from './context.ts';
import { defaultsOf } from './defaults.ts';
import { joined } from './join.ts';
import { meaningsOf } from './meaning.ts';

/** Artifacts → what rules see. */
export function assemble({ documents, complaints, texts }: Recognised, closed: boolean): Context {
  const found = documents.flatMap(document =>
    componentsOf(document, documents).map(component => ({ document, component: complete(component) })),
  );
  const services = joined(found.map(({ component }) => component));
  const members = found.map(({ document, component }, i): Member => {
    const environment = component.environment ?? environmentOf(document.name);
    return {
      ...component,
      ...(environment ? { environment } : {}),
      document,
      service: services[i],
      production: environment === undefined || !/^(?:dev|local|test|override)/.test(environment),
    };
  });
  return {
    documents,
    of: <K extends KindId>(kind: K) =>
      documents.filter(each => each.kind === kind) as AnyDocument[] as Document<K>[],
    members,
    services: grouped(members),
    closed,
    complaints,
    texts: new Map(texts.map(text => [text.file, text])),
  };
}

/** With what its variables mean, and then what its platform does by itself. */
function complete(component: Component): Component {
  const meant = { ...component, facts: [...component.facts, ...meaningsOf(component)] };
  return { ...meant, facts: [...meant.facts, ...defaultsOf(meant)] };
}

const ENVIRONMENTS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[./_-])(?:prod|production|live)(?=[./_-]|$)/, 'production'],
  [/(?:^|[./_-])(?:stag|staging|stage)(?=[./_-]|$)/, 'staging'],
  [/(?:^|[./_-])(?:dev|develop|development)(?=[./_-]|$)/, 'development'],
  [/(?:^|[./_-])local(?=[./_-]|$)/, 'local'],
  [/(?:^|[./_-])(?:test|tests|testing|ci|e2e)(?=[./_-]|$)/, 'test'],
  [/(?:^|[./_-])override(?=[./_-]|$)/, 'override'],
];

/** What a path says: `compose.prod.yaml`, `overlays/staging/…`. */
export const environmentOf = (path: string): string | undefined =>
  ENVIRONMENTS.find(([name]) => name.test(path.toLowerCase()))?.[1];

function grouped(members: readonly Member[]): ReadonlyMap<string, readonly Member[]> {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    if (member.service === undefined) continue;
    const group = groups.get(member.service);
    if (group) group.push(member);
    else groups.set(member.service, [member]);
  }
  return groups;
}
