import { factOf, factsOf } from '../../../artifacts/fact.ts';
import { backendsOf, LOOPBACK } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { firewallOf, lets } from '../../firewall.ts';
import { oncePerPlace } from '../../once.ts';
import { onLoopback } from '../../published.ts';
import type { Finding, Rule } from '../../rule.ts';

export const proxyBypassed: Rule = {
  id: 'cross/proxy-bypassed',
  severity: ['error', 'warning'],
  title: 'a service behind a proxy that is also reached past it',
  why: 'Whoever asks the port directly gets there without TLS, limits, authentication and logs of the proxy; what the proxy hides is open. A firewall of the host does not help: docker lets its ports through before ufw is asked.',
  fix: 'Publish it for this host alone: 127.0.0.1:8080:8080.',
  fixable: 'safe',
  example: {
    bad: 'ports: ["8080:8080"]   # proxy_pass http://127.0.0.1:8080',
    good: 'ports: ["127.0.0.1:8080:8080"]   # proxy_pass http://127.0.0.1:8080',
  },
  check: context =>
    oncePerPlace(
      context.members.filter(member => member.form === 'route').flatMap(route => findingsOf(context, route)),
    ),
};

/** A proxy that asks a port of its own host. */
function findingsOf(context: Context, route: Member): Finding[] {
  const targets = (factOf(route, 'route')?.value.to ?? []).filter(({ host }) => LOOPBACK.test(host));
  const related = [{ ...route.at, message: `${route.name} leads to it` }];
  return backendsOf(context, route).flatMap(backend => [
    ...factsOf(backend, 'port.published')
      .filter(({ value }) => targets.some(({ port }) => port === value.port) && isEverywhere(value.host))
      .map(({ value, at }) => ({
        at,
        message: `${backend.name} stands behind nginx, but its port ${value.port} is published on all addresses`,
        related,
        edits: onLoopback(context.texts.get(at.file), at, value.port),
      })),
    ...factsOf(backend, 'port.listen')
      .filter(({ value }) => backend.form === 'process' && targets.some(({ port }) => port === value.port))
      .filter(
        ({ value, origin }) => origin === 'derived' && value.host !== undefined && isEverywhere(value.host),
      )
      .flatMap(({ value, at }) => listening(context, backend.name, value.port, { at, related })),
  ]);
}

const isEverywhere = (host: string | undefined): boolean =>
  host === undefined || /^(?:0\.0\.0\.0|\[?::\]?)$/.test(host);

/** A process of the host: there a firewall decides, where one is set up here. */
function listening(
  context: Context,
  name: string,
  port: number,
  place: Pick<Finding, 'at' | 'related'>,
): Finding[] {
  const firewall = firewallOf(context);
  const open = firewall && lets(firewall, port);
  if (open === false || (firewall && open === undefined) || (!firewall && !context.closed)) return [];
  const why = open ? 'the firewall lets everybody in' : 'no firewall is set up here';
  const message = `${name} stands behind nginx, but listens on all addresses at port ${port}, and ${why}`;
  return [{ ...place, message, fix: 'Let it listen on 127.0.0.1.', severity: open ? 'error' : 'warning' }];
}
