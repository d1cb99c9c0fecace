import { type AnyFact, factsOf } from '../../../artifacts/fact.ts';
import type { Context, Member } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const traceNameShared: Rule = {
  id: 'cross/trace-name-shared',
  severity: 'warning',
  title: 'several services under one name in traces',
  why: 'Traces and metrics of the services cannot be told apart: a slow or failing one hides in the numbers of the others, and alerts by service name fire for all of them or for none.',
  fix: 'Give each service its own OTEL_SERVICE_NAME.',
  fixable: 'no',
  example: {
    bad: 'api:    {environment: {OTEL_SERVICE_NAME: acme}}\nworker: {environment: {OTEL_SERVICE_NAME: acme}}',
    good: 'api:    {environment: {OTEL_SERVICE_NAME: acme-api}}\nworker: {environment: {OTEL_SERVICE_NAME: acme-worker}}',
  },
  check: context => [...sharedNames(context).values()].flatMap(findingsOf),
};

interface Use {
  readonly member: Member;
  readonly name: string;
  readonly fact: AnyFact;
}

/** By the name that each gives itself, within one environment. */
function sharedNames({ members }: Context): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  for (const member of members) {
    const use = member.longRunning && member.service !== undefined ? nameOf(member) : undefined;
    if (!use) continue;
    const key = `${member.environment} ${use.name}`;
    uses.set(key, [...(uses.get(key) ?? []), use]);
  }
  return uses;
}

/** OTEL_SERVICE_NAME wins over the attribute of that name. */
function nameOf(member: Member): Use | undefined {
  const variables = factsOf(member, 'env');
  const last = (name: string) => variables.findLast(fact => fact.value.name === name && fact.value.value);
  const own = last('OTEL_SERVICE_NAME');
  const attributes = last('OTEL_RESOURCE_ATTRIBUTES');
  const fact = own ?? attributes;
  const name = own
    ? own.value.value
    : /(?:^|,)\s*service\.name=([^,]+)/.exec(attributes?.value.value ?? '')?.[1];
  return fact && name && !/[${}<>]/.test(name) ? { member, name, fact } : undefined;
}

function findingsOf(uses: readonly Use[]): Finding[] {
  const services = [...new Set(uses.map(use => use.member.service ?? ''))];
  const [first] = uses;
  if (services.length < 2 || !first) return [];
  const later = uses.find(use => use.member.service !== first.member.service) ?? first;
  return [
    {
      at: later.fact.at,
      message: `${listed(services)} all call themselves ${later.name} in traces`,
      related: [{ ...first.fact.at, message: `${first.member.name} does so here` }],
    },
  ];
}
