import { type Fact, factOf, factsOf } from '../../../artifacts/fact.ts';
import { backendsOf, LOOPBACK } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited } from '../../words.ts';

export const forwardedUntrusted: Rule = {
  id: 'cross/forwarded-untrusted',
  severity: ['error', 'warning'],
  title: 'a server that believes the wrong side about who asks',
  why: 'By itself uvicorn takes X-Forwarded-For and -Proto from 127.0.0.1 and ::1 alone: behind a proxy at another address every client has the address of the proxy and every URL begins with http. With * whoever reaches the server directly says who he is.',
  fix: 'Set FORWARDED_ALLOW_IPS to the addresses of the proxy, its network if they change; * only where nothing but the proxy reaches the server.',
  fixable: 'no',
  example: {
    bad: 'command: uvicorn app:app --host 0.0.0.0 --port 8000',
    good: 'command: uvicorn app:app --host 0.0.0.0 --port 8000\nenvironment: {FORWARDED_ALLOW_IPS: 172.28.0.0/16}',
  },
  check: context => oncePerPlace([...behindProxies(context), ...context.members.flatMap(believing)]),
};

/** uvicorn, also as the worker of gunicorn: then gunicorn's setting is the one that it reads. */
function asgi(member: Member): Fact<'server'> | undefined {
  const server = factOf(member, 'server');
  if (!server) return undefined;
  const { program, workerClass } = server.value;
  return program === 'uvicorn' || /uvicorn/i.test(workerClass ?? '') ? server : undefined;
}

/** By its flag, its configuration, or the variable that both servers read. */
function trusted(member: Member): Fact<'env'> | Fact<'proxy.trusted'> | undefined {
  const variable = factsOf(member, 'env').findLast(({ value }) => value.name === 'FORWARDED_ALLOW_IPS');
  return factOf(member, 'proxy.trusted') ?? variable;
}

const addresses = (fact: Fact<'env'> | Fact<'proxy.trusted'>): string | undefined =>
  fact.kind === 'env' ? (fact as Fact<'env'>).value.value : (fact as Fact<'proxy.trusted'>).value;

function behindProxies(context: Context): Finding[] {
  const routes = context.members.filter(({ form }) => form === 'route');
  return routes.flatMap(route =>
    backendsOf(context, route).flatMap((backend): Finding[] => {
      const server = asgi(backend);
      const off = factOf(backend, 'command')?.value.words.join(' ').includes('--no-proxy-headers');
      // An env file of which nothing is known may hold it.
      const unseen = factsOf(backend, 'env.unseen').length > 0;
      if (!server || off || unseen || trusted(backend) || isLocal(route, backend)) return [];
      const message = `${backend.name} runs ${server.value.program} behind a proxy at another address, and believes its X-Forwarded headers from 127.0.0.1 alone`;
      return [
        {
          at: server.at,
          severity: 'warning',
          message,
          related: [{ ...route.at, message: `${route.name} leads to it` }],
        },
      ];
    }),
  );
}

/** Both on one host and no container between: the proxy comes from 127.0.0.1. */
const isLocal = (route: Member, backend: Member): boolean =>
  backend.form === 'process' &&
  (factOf(route, 'route')?.value.to ?? []).every(({ host }) => LOOPBACK.test(host));

function believing(member: Member): Finding[] {
  const fact = asgi(member) && trusted(member);
  const everywhere = factsOf(member, 'port.published').find(
    ({ value }) => value.host === undefined || /^(?:0\.0\.0\.0|\[?::\]?)$/.test(value.host),
  );
  if (
    !fact ||
    addresses(fact)?.trim() !== '*' ||
    !everywhere ||
    !/^(?:compose|docker)$/.test(member.platform)
  )
    return [];
  const message = `${member.name} believes the X-Forwarded headers of everybody, and its port ${everywhere.value.port} is open to all`;
  return [{ at: fact.at, message, related: [cited(everywhere, 'published here')] }];
}
