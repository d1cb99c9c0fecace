import { type AnyFact, factOf, factsOf, type Route } from '../artifacts/fact.ts';
import { shortName } from '../artifacts/image.ts';
import { backendsOf, LOOPBACK } from './backends.ts';
import type { Context, Member } from './context.ts';
import { sameEnvironment } from './knowledge.ts';
import type { Finding } from './rule.ts';
import { isStore } from './stores.ts';
import { cited, listed } from './words.ts';

/**
 * Proxies that lead to a port of their host at which nobody listens. It is said where one service alone can be meant,
 * and every port is known by which it is reached there: another program may be no part of the set.
 */
export function misdirected(context: Context): readonly Finding[] {
  const reachable = context.members.filter(isReachable);
  return context.members
    .filter(member => member.form === 'route' && member.platform === 'nginx')
    .flatMap(route => {
      const fact = factOf(route, 'route');
      if (!fact || backendsOf(context, route).length > 0) return [];
      const meant = reachable.filter(member => sameEnvironment(member, route));
      const [service, ...others] = new Set(meant.map(member => member.service));
      const ports = meant.map(portsOf);
      if (service === undefined || others.length > 0 || ports.some(each => each.length === 0)) return [];
      return fact.value.to.filter(isHere).map(({ port, at }) => ({
        at: at ?? fact.at,
        message: `requests are sent to port ${port}, but ${service} is reached at ${listed([...new Set(ports.flat().map(each => String(each.port)))])}`,
        related: ports.flat().map(each => cited(each.fact)),
      }));
    });
}

const isHere = ({ host, port }: Route['to'][number]): boolean => LOOPBACK.test(host) && port !== undefined;

function isReachable(member: Member): boolean {
  const image = factOf(member, 'image')?.value;
  if (!member.longRunning || !member.production || (image && isStore(shortName(image)))) return false;
  return (
    member.form === 'process' ||
    (member.platform !== 'kubernetes' && factsOf(member, 'port.published').length > 0)
  );
}

/** Ports of the host by which it is reached. */
function portsOf(member: Member): { port: number; fact: AnyFact }[] {
  const published = factsOf(member, 'port.published');
  const facts = member.form === 'process' ? factsOf(member, 'port.listen') : published;
  return facts.map(fact => ({ port: fact.value.port, fact: fact as AnyFact }));
}
