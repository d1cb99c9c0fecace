import type { AnyDocument, Document, KindId } from '../artifacts/document.ts';
import type { Component } from '../artifacts/fact.ts';
import { componentsOf } from '../artifacts/kinds.ts';
import type { Collected } from '../artifacts/read.ts';
import type { Recognised } from '../artifacts/recognise.ts';
import type { Model } from '../model/model.ts';
import { configured } from './configuration.ts';
import type { Context, Member } from './context.ts';
import { defaultsOf } from './defaults.ts';
import { withEnvFiles } from './environment.ts';
import { joined } from './join.ts';
import { meaningsOf } from './meaning.ts';
import { serverFacts } from './servers.ts';
import { suppressionsIn } from './suppress.ts';

/** What is known beside the artifacts. */
export interface Circumstances {
  /** What the aideploy.yaml among them resolves to. */
  readonly model?: Model | undefined;
  /** The ids that a comment may name. */
  readonly ruleIds?: readonly string[];
  /** As 2027-01-31. */
  readonly today?: string;
}

/** Artifacts → what rules see. */
export function assemble(
  { documents, complaints, texts }: Recognised,
  { files, closed }: Pick<Collected, 'closed' | 'files'>,
  { model, ruleIds = [], today = new Date().toISOString().slice(0, 10) }: Circumstances,
): Context {
  const found = documents.flatMap(document => {
    const components =
      document.kind === 'config'
        ? model
          ? configured(document, model)
          : []
        : componentsOf(document, documents);
    return components.map(component => ({ document, component: complete(component, document, documents) }));
  });
  const services = joined(found.map(({ component }) => component));
  const members = found.map(({ document, component }, i) => memberOf(component, document, services[i]));
  return {
    documents,
    of: <K extends KindId>(kind: K) =>
      documents.filter(each => each.kind === kind) as AnyDocument[] as Document<K>[],
    members,
    services: grouped(members),
    closed,
    modes: new Map(files.map(file => [file.path, file.mode])),
    complaints,
    texts: new Map(texts.map(text => [text.file, text])),
    model,
    suppressions: suppressionsIn({ documents, texts }),
    ruleIds,
    today,
  };
}

function memberOf(component: Component, document: AnyDocument, service: string | undefined): Member {
  const environment =
    component.environment ?? (isOfRunner(component, document) ? 'test' : environmentOf(document.name));
  return {
    ...component,
    ...(environment ? { environment } : {}),
    document,
    service,
    production: environment === undefined || !/^(?:dev|local|test|override)/.test(environment),
  };
}

/** What a workflow starts beside its steps ends with its job. */
const isOfRunner = ({ platform }: Component, { text }: AnyDocument): boolean =>
  platform === 'docker' && /(?:^|\/)\.github\/workflows\//.test(text.file);

/** With what its files and variables mean, and then what its server and its platform do by themselves. */
function complete(component: Component, document: AnyDocument, set: readonly AnyDocument[]): Component {
  const given = withEnvFiles(component, document, set);
  const meant = { ...given, facts: [...serverFacts(given, set), ...meaningsOf(given), ...given.facts] };
  return { ...meant, facts: [...defaultsOf(meant), ...meant.facts] };
}

const ENVIRONMENTS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[./_-])(?:prod|production|live)(?=[./_-]|$)/, 'production'],
  [/(?:^|[./_-])(?:stag|staging|stage)(?=[./_-]|$)/, 'staging'],
  [/(?:^|[./_-])(?:dev|develop|development|devcontainer)(?=[./_-]|$)/, 'development'],
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
