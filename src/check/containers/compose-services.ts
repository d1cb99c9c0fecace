import { type LayeredService, servicesOf } from '../../artifacts/compose/layers.ts';
import { at, type YamlNode } from '../../artifacts/yaml.ts';
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
