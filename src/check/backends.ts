import { factOf, factsOf, type Route } from '../artifacts/fact.ts';
import type { Context, Member } from './context.ts';
import { sameEnvironment } from './knowledge.ts';

export const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/;

/** The containers and processes that a route leads to; none where that cannot be told. */
export function backendsOf(context: Context, route: Member): readonly Member[] {
  const targets = factOf(route, 'route')?.value.to ?? [];
  const able = context.members.filter(
    member =>
      member.longRunning && /^(?:container|process)$/.test(member.form) && sameEnvironment(member, route),
  );
  return [...new Set(targets.flatMap(target => able.filter(member => isAt(member, target, route))))];
}

function isAt(member: Member, { host, port }: Route['to'][number], route: Member): boolean {
  if (LOOPBACK.test(host) || host === 'host.docker.internal')
    return port !== undefined && member.platform !== 'config' && opens(member, port);
  const named = member.name === host || member.aliases.includes(host);
  const scoped = host.split('.')[0] ?? host;
  if (route.platform === 'kubernetes')
    return (
      member.platform === 'kubernetes' &&
      member.scope === route.scope &&
      (named || member.aliases.includes(scoped))
    );
  return named && member.platform !== 'systemd' && member.platform !== 'config';
}

/** Whether a port of the host leads to it. */
function opens(member: Member, port: number): boolean {
  if (member.platform === 'systemd' || member.platform === 'windows')
    return factsOf(member, 'port.listen').some(fact => fact.value.port === port);
  return factsOf(member, 'port.published').some(fact => fact.value.port === port);
}
