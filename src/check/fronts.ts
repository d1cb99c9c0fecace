import { factOf } from '../artifacts/fact.ts';
import { allServers, listenersOf, namesOf } from '../artifacts/nginx/servers.ts';
import type { Place } from '../artifacts/text.ts';
import { LOOPBACK } from './backends.ts';
import type { Context } from './context.ts';

/** A public name, the ports at which its proxy listens, and those of its own host that it leads to. */
interface Front {
  readonly ports: Set<number>;
  readonly backends: Map<number, Place>;
}

/** The names that proxies of hosts answer for. */
export function frontsOf(context: Context): ReadonlyMap<string, Front> {
  const fronts = new Map<string, Front>();
  const frontAt = (name: string): Front | undefined => {
    if (!/^[\w-]+(?:\.[\w-]+)+$/.test(name) || LOOPBACK.test(name)) return undefined;
    const front = fronts.get(name) ?? { ports: new Set(), backends: new Map() };
    fronts.set(name, front);
    return front;
  };
  for (const server of allServers(context.documents))
    for (const name of namesOf(server))
      for (const { port } of listenersOf(server)) frontAt(name)?.ports.add(port);
  for (const member of context.members) {
    const route = member.platform === 'nginx' ? factOf(member, 'route')?.value : undefined;
    for (const host of route?.hosts ?? [])
      for (const { host: to, port } of route?.to ?? [])
        if (port !== undefined && LOOPBACK.test(to)) frontAt(host)?.backends.set(port, member.at);
  }
  return fronts;
}
