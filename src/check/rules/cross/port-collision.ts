import { type Fact, factOf, factsOf } from '../../../artifacts/fact.ts';
import { itemsOf, textOfNode } from '../../../artifacts/yaml.ts';
import { composeServices, lastOf } from '../../containers/compose-services.ts';
import type { Context, Member } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited } from '../../words.ts';

export const portCollision: Rule = {
  id: 'cross/port-collision',
  severity: 'error',
  title: 'one port of a host that two things want',
  why: 'The second to start fails with "address already in use", and which one that is changes from boot to boot.',
  fix: 'Give each its own port of the host; leave out the port of the host where there are several replicas.',
  fixable: 'no',
  example: {
    bad: 'a: {ports: ["8080:80"]}\nb: {ports: ["8080:8080"]}',
    good: 'a: {ports: ["8080:80"]}\nb: {ports: ["8081:8080"]}',
  },
  check: context => [...amongPublished(context), ...amongUnits(context), ...amongReplicas(context)],
};

type Taken = {
  readonly member: Member;
  readonly fact: Fact<'port.listen' | 'port.published'>;
  readonly key: string;
  /** The document that starts it with others; a guide shows several of one name. */
  readonly together?: Member['document'];
};

const hostOf = (host: string | undefined): string =>
  host === undefined || host === '0.0.0.0' || host === '[::]' ? '*' : host;

/** Services that one file starts together. */
function amongPublished(context: Context): Finding[] {
  const taken = context.members
    .filter(member => member.platform === 'compose')
    .flatMap(member =>
      factsOf(member, 'port.published').map(
        (fact): Taken => ({ member, fact, key: `${fact.value.port}`, together: member.document }),
      ),
    );
  const profiles = profilesOf(context);
  return collisions(taken, (a, b) =>
    a.member === b.member ? targetOf(a) !== targetOf(b) : !areApart(profiles, a.member, b.member),
  );
}

type Profiles = ReadonlyMap<Member, readonly string[]>;

const profilesOf = (context: Context): Profiles =>
  new Map(
    composeServices(context).map(service => [
      service.member,
      itemsOf(lastOf(service, 'profiles')).flatMap(item => textOfNode(item) ?? []),
    ]),
  );

/** Each is started by a profile only, and none by one of the other's. */
function areApart(profiles: Profiles, a: Member, b: Member): boolean {
  const [one, other] = [profiles.get(a) ?? [], profiles.get(b) ?? []];
  return one.length > 0 && other.length > 0 && !one.some(each => other.includes(each));
}

/** What one service publishes twice to the same port is written twice, and no more. */
const targetOf = ({ fact }: Taken): number | undefined =>
  'target' in fact.value ? fact.value.target : undefined;

function amongUnits({ members }: Context): Finding[] {
  const taken = members
    .filter(member => member.platform === 'systemd' && member.longRunning)
    .flatMap(member =>
      factsOf(member, 'port.listen').map(
        (fact): Taken => ({ member, fact, key: `${member.environment} ${fact.value.port}` }),
      ),
    );
  return collisions(taken, (a, b) => a.member.name !== b.member.name);
}

function collisions(taken: readonly Taken[], differ: (a: Taken, b: Taken) => boolean): Finding[] {
  return taken.flatMap((each, i) => {
    const [address, port] = [hostOf(each.fact.value.host), each.fact.value.port];
    const before = taken.slice(0, i).find(other => {
      const there = hostOf(other.fact.value.host);
      return (
        other.key === each.key &&
        other.together === each.together &&
        differ(other, each) &&
        (there === address || there === '*' || address === '*')
      );
    });
    if (!before) return [];
    const message =
      before.member === each.member
        ? `${each.member.name} wants port ${port} of the host twice`
        : `${each.member.name} wants port ${port} of the host, and so does ${before.member.name}`;
    return [
      {
        at: each.fact.at,
        message,
        related: [cited(before.fact as Member['facts'][number], before.member.name)],
      },
    ];
  });
}

function amongReplicas({ members }: Context): Finding[] {
  return members
    .filter(member => member.platform === 'compose' && (factOf(member, 'replicas')?.value ?? 1) > 1)
    .flatMap(member => {
      const [replicas, published] = [factOf(member, 'replicas'), factOf(member, 'port.published')];
      if (!replicas || !published) return [];
      const message = `${member.name} runs ${replicas.value} times, and each wants port ${published.value.port} of the host`;
      return [{ at: published.at, message, related: [cited(replicas, `${replicas.value} replicas`)] }];
    });
}
