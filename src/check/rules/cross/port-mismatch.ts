import { type AnyFact, type Fact, factsOf } from '../../../artifacts/fact.ts';
import { LOOPBACK } from '../../backends.ts';
import type { Member } from '../../context.ts';
import { misdirected } from '../../misdirected.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited } from '../../words.ts';

export const portMismatch: Rule = {
  id: 'cross/port-mismatch',
  severity: 'error',
  title: 'a port that leads to where the process does not listen',
  why: 'Every connection is refused although the process runs and says that it is well: the platform sends requests to a port, or an address, at which nobody listens.',
  fix: 'Let both name one port; inside a container listen on 0.0.0.0, since its loopback is its own.',
  fixable: 'no',
  example: {
    bad: 'ports: ["127.0.0.1:8080:8080"]\nenvironment: {PORT: 3000}',
    good: 'ports: ["127.0.0.1:8080:3000"]\nenvironment: {PORT: 3000}',
  },
  check: context => [
    ...context.members
      .filter(member => member.form === 'container')
      .flatMap(member => [...onLoopback(member), ...elsewhere(member)]),
    ...oncePerPlace(misdirected(context)),
  ],
};

/** Where the process is told to listen, by a variable or by flags of its server. */
const told = (member: Member): readonly Fact<'port.listen'>[] =>
  factsOf(member, 'port.listen').filter(fact => fact.origin === 'derived');

/** What leads to it: published ports, ports of the container, ports of probes. */
function leading(member: Member): { port: number; fact: AnyFact; what: string }[] {
  return [
    ...factsOf(member, 'port.published').map(fact => ({
      port: fact.value.target,
      fact: fact as AnyFact,
      what: 'is published to',
    })),
    ...factsOf(member, 'port.listen')
      .filter(fact => fact.origin === 'explicit')
      .map(fact => ({ port: fact.value.port, fact: fact as AnyFact, what: 'is said to listen on' })),
    ...factsOf(member, 'health').flatMap(fact =>
      typeof fact.value.port === 'number'
        ? [{ port: fact.value.port, fact: fact as AnyFact, what: 'is probed on' }]
        : [],
    ),
  ];
}

function onLoopback(member: Member): Finding[] {
  const reached = leading(member);
  return told(member)
    .filter(fact => fact.value.host !== undefined && LOOPBACK.test(fact.value.host))
    .filter(fact => reached.some(each => each.port === fact.value.port))
    .map(fact => ({
      at: fact.at,
      message: `${member.name} listens on ${fact.value.host}, which inside a container is reached from nowhere else`,
      related: reached
        .filter(each => each.port === fact.value.port)
        .map(each => cited(each.fact, `${member.name} ${each.what} ${each.port}`)),
    }));
}

/** Only where one port is told and one is led to: of several, one may be for something that is not known here. */
function elsewhere(member: Member): Finding[] {
  const listens = [...new Map(told(member).map(fact => [fact.value.port, fact])).values()];
  const reached = leading(member);
  const [only] = listens;
  const ports = new Set(reached.map(each => each.port));
  if (listens.length !== 1 || !only || ports.size !== 1 || ports.has(only.value.port)) return [];
  const [first] = reached;
  if (!first) return [];
  const message = `${member.name} ${first.what} port ${first.port}, but listens on ${only.value.port}`;
  return [{ at: first.fact.at, message, related: [cited(only as AnyFact)] }];
}
