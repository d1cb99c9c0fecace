import { type Fact, type FactKind, factOf } from '../artifacts/fact.ts';
import type { Context, Member } from './context.ts';

/** Whether two describe the same environment, as far as either says which. */
export const sameEnvironment = (a: Member, b: Member): boolean =>
  a.environment === undefined || b.environment === undefined || a.environment === b.environment;

/** Its own fact; or what aideploy.yaml says of its service, which holds on every platform. */
export function known<K extends FactKind>(context: Context, member: Member, kind: K): Fact<K> | undefined {
  const own = factOf(member, kind);
  if (own && own.origin !== 'default') return own;
  const config = membersOf(context, member).find(each => each.platform === 'config');
  return (config && factOf(config, kind)) ?? own;
}

/** Everything that is the same service. */
export const membersOf = (context: Context, member: Member): readonly Member[] =>
  (member.service === undefined ? undefined : context.services.get(member.service)) ?? [member];
