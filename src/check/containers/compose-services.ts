import { baseOf, type LayeredService, servicesOf } from '../../artifacts/compose/layers.ts';
import { at, type YamlNode } from '../../artifacts/yaml.ts';
import { environmentOf } from '../assemble.ts';
import type { Context, Member } from '../context.ts';

export interface ComposeService extends LayeredService {
  readonly member: Member;
}

/** Every service of compose with what it extends and what overrides it. */
export function composeServices(context: Context): readonly ComposeService[] {
  const members = new Map(
    context.members
      .filter(({ platform, form }) => platform === 'compose' && form === 'container')
      .map(member => [`${member.document.name} ${member.name}`, member]),
  );
  return context.of('compose').flatMap(document =>
    servicesOf(document, context.documents).flatMap(service => {
      const member = members.get(`${document.name} ${service.entry.key.source}`);
      return member ? [{ ...service, member }] : [];
    }),
  );
}

/** What the last layer that says it says. */
export const lastOf = ({ layers }: LayeredService, ...path: readonly string[]): YamlNode | undefined =>
  layers.flatMap(layer => at(layer, ...path) ?? []).at(-1);

/** What runs in production: a compose file that another one for production is laid over is judged as that one. */
export function productionContainers(context: Context): readonly Member[] {
  const unfinished = new Set(
    context.of('compose').flatMap(document => {
      const isOther = /^(?:dev|local|test|override)/.test(environmentOf(document.name) ?? '');
      return (isOther ? undefined : baseOf(document, context.documents)?.name) ?? [];
    }),
  );
  return context.members.filter(
    ({ form, production, document }) => form === 'container' && production && !unfinished.has(document.name),
  );
}
