import { type AnyFact, factOf, factsOf } from '../../../artifacts/fact.ts';
import { objectSets } from '../../../artifacts/kubernetes/kustomize.ts';
import { at, itemsOf, placeOf, textOfNode } from '../../../artifacts/yaml.ts';
import { backendsOf } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { guardedRoutes, internalByName, internalOf, roleNamed, roleOfPort } from '../../internal-paths.ts';
import { oncePerPlace } from '../../once.ts';
import { routeFor, serversIn } from '../../routing.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited } from '../../words.ts';

export const internalPathPublic: Rule = {
  id: 'cross/internal-path-public',
  severity: ['error', 'warning'],
  title: 'a path or port for operators that everybody reaches',
  why: 'Profiles and debug pages show memory and slow the process down, a deep check calls the database and the provider for whoever asks, metrics tell users, models, costs and versions.',
  fix: 'Refuse the path at the proxy (location = /metrics { return 404; }), let in the addresses of operators alone, or serve it at a port that is not published.',
  fixable: 'no',
  example: {
    bad: 'location /debug/ { proxy_pass http://api; }',
    good: 'location /debug/ { return 404; }',
  },
  check: context => oncePerPlace([...routed(context), ...published(context), ...served(context)]),
};

function routed(context: Context): Finding[] {
  const guarded = guardedRoutes(context);
  return serversIn(context).flatMap(routes => {
    const open = routes.filter(
      route => (factOf(route, 'route')?.value.to.length ?? 0) > 0 && !guarded(route),
    );
    return [...open.flatMap(byName), ...inside(context, routes, open)];
  });
}

/** A location of its own leads there. */
function byName(route: Member): Finding[] {
  const match = factOf(route, 'route')?.value.match;
  const found = match && !match.how.startsWith('~') ? internalByName(match.path) : undefined;
  if (!found || !match) return [];
  const message = `${route.name || match.path} ${found.what}, and is open to everybody`;
  return [{ at: route.at, severity: found.severity, message }];
}

/** Another location, mostly that of everything, leads there too. */
function inside(context: Context, routes: readonly Member[], open: readonly Member[]): Finding[] {
  const backends = [...new Set(open.flatMap(route => backendsOf(context, route)))];
  return backends.flatMap(backend =>
    internalOf(context, backend).flatMap(({ path, what, severity, fact }): Finding[] => {
      const route = routeFor(routes, path);
      if (!route || !open.includes(route) || !backendsOf(context, route).includes(backend)) return [];
      const message = `${path} of ${backend.service ?? backend.name} ${what}, and this leads everybody there`;
      return [{ at: route.at, severity, message, ...(fact ? { related: [cited(fact)] } : {}) }];
    }),
  );
}

/** A port of its own, on every address. */
const published = ({ members }: Context): Finding[] =>
  members
    .filter(member => member.form === 'container' && member.production)
    .flatMap(member =>
      factsOf(member, 'port.published').flatMap((fact): Finding[] => {
        const { host, port, target } = fact.value;
        const everywhere = host === undefined || /^(?:0\.0\.0\.0|\[?::\]?)$/.test(host);
        const role = everywhere ? roleOfPort(member, target) : undefined;
        if (!role) return [];
        const message = `port ${port} of ${member.name} ${role.what}, and is published on every address`;
        return [{ at: (fact as AnyFact).at, severity: role.severity, message }];
      }),
    );

/** A Service that the network outside of the cluster reaches. */
function served({ documents }: Context): Finding[] {
  return objectSets(documents)
    .flatMap(({ objects }) => objects)
    .filter(
      ({ kind, root }) =>
        kind === 'Service' && /^(?:LoadBalancer|NodePort)$/.test(textOfNode(at(root, 'spec', 'type')) ?? ''),
    )
    .flatMap(({ root, name }) =>
      itemsOf(at(root, 'spec', 'ports')).flatMap((port): Finding[] => {
        const role = roleNamed(textOfNode(at(port, 'name')) ?? '');
        const type = textOfNode(at(root, 'spec', 'type'));
        if (!role) return [];
        const message = `the port ${textOfNode(at(port, 'name'))} of ${name} ${role.what}, and the Service is a ${type}`;
        return [{ at: placeOf(port), severity: role.severity, message }];
      }),
    );
}
