import type { Document } from '../../../artifacts/document.ts';
import { type Fact, factOf, factsOf } from '../../../artifacts/fact.ts';
import { objectSets } from '../../../artifacts/kubernetes/kustomize.ts';
import { podTemplate } from '../../../artifacts/kubernetes/object.ts';
import { at, placeOf } from '../../../artifacts/yaml.ts';
import { environmentOf } from '../../assemble.ts';
import { clustersNamed } from '../../cluster-names.ts';
import type { Context, Member } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';

export const environmentsCollide: Rule = {
  id: 'cross/environments-collide',
  severity: ['error', 'warning', 'info'],
  title: 'two environments that are one place',
  why: 'The deploy of the one replaces the other: a version that was to be tried is what users get, with the secrets and the database of the environment that was deployed last; and a host name leads to one of the two.',
  fix: 'Give each environment a namespace, a host name and a name of its own, or a cluster that its deploy names.',
  fixable: 'no',
  example: {
    bad: 'overlays/staging: namespace: chat\noverlays/production: namespace: chat',
    good: 'overlays/staging: namespace: chat-staging\noverlays/production: namespace: chat',
  },
  check: context => [...sameHosts(context), ...sameObjects(context), ...sameServices(context)],
};

/** One host name, two environments. */
function sameHosts({ members }: Context): Finding[] {
  const owners = new Map<string, { member: Member; fact: Fact<'route'> }>();
  const found = new Map<string, Finding>();
  for (const member of members) {
    const fact = factOf(member, 'route');
    const { environment } = member;
    // What is for tests may have the name on one machine alone.
    if (!fact || !environment || !member.production) continue;
    for (const host of fact.value.hosts.filter(each => /^[\w-]+(?:\.[\w-]+)+$/.test(each))) {
      const owner = owners.get(host);
      if (!owner) owners.set(host, { member, fact });
      else if (
        owner.member.environment !== environment &&
        owner.member.document !== member.document &&
        !found.has(host)
      )
        found.set(host, {
          at: member.at,
          message: `${environment} and ${owner.member.environment} both answer for ${host}`,
          related: [{ ...owner.member.at, message: `${owner.member.environment}` }],
        });
    }
  }
  return [...found.values()];
}

/** Overlays whose workloads have one name in one namespace; where only the cluster could tell them apart, that is said. */
function sameObjects(context: Context): Finding[] {
  const { named, possible } = clustersNamed(context);
  // Names that both sets hold are counted once.
  const apart = new Set([...named, ...possible]).size > 1;
  const owners = new Map<string, { environment: string; from: Document }>();
  const found = new Map<string, Finding>();
  for (const { from, objects } of objectSets(context.documents)) {
    const environment = from && environmentOf(from.name);
    if (!environment || !from || named.size > 1) continue;
    for (const object of objects) {
      if (!podTemplate(object) || !object.namespace) continue;
      const key = `${object.kind} ${object.namespace}/${object.name}`;
      const owner = owners.get(key);
      const pair = `${owner?.environment} ${environment}`;
      if (!owner) owners.set(key, { environment, from });
      else if (owner.environment !== environment && !found.has(pair))
        found.set(pair, {
          at: placeOf(at(from.body, 'namespace') ?? from.body),
          severity: apart ? 'info' : 'warning',
          message: `${environment} and ${owner.environment} both make ${key}, and ${apart ? 'only their clusters, which secrets may name, are two' : 'nothing here tells their clusters apart'}`,
          related: [{ ...owner.from.text.place(0), message: owner.environment }],
        });
    }
  }
  return [...found.values()];
}

/** Services of Cloud Run with one name in one project. */
function sameServices({ members }: Context): Finding[] {
  const services = members.filter(
    each => each.platform === 'cloudrun' && each.environment && each.scope !== '',
  );
  return services.flatMap((member, i): Finding[] => {
    const other = services
      .slice(0, i)
      .find(
        each =>
          each.name === member.name && each.scope === member.scope && each.environment !== member.environment,
      );
    if (!other || factsOf(member, 'image').length === 0) return [];
    const message = `${member.environment} and ${other.environment} both deploy the service ${member.name} of ${member.scope}`;
    return [{ at: member.at, message, related: [{ ...other.at, message: other.environment ?? '' }] }];
  });
}
