import { type AnyFact, factOf } from '../../../artifacts/fact.ts';
import type { Context, Member } from '../../context.ts';
import { known } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, duration, quoted } from '../../words.ts';

export const drainBelowRequest: Rule = {
  id: 'cross/drain-below-request',
  severity: 'warning',
  title: 'a drain that is shorter than the work it waits for',
  why: 'Work that began just before a restart is given less time to finish than it is allowed to take: each deploy cuts the longest requests.',
  fix: 'Drain for longer than the longest request, and give the stop a budget above that.',
  fixable: 'no',
  example: { bad: 'REQUEST_TIMEOUT=60s\nDRAIN_TIMEOUT=30s', good: 'REQUEST_TIMEOUT=60s\nDRAIN_TIMEOUT=65s' },
  check: context => context.members.flatMap(member => findingsOf(context, member)),
};

function findingsOf(context: Context, member: Member): Finding[] {
  if (member.form === 'route' || member.form === 'image') return [];
  const drain = factOf(member, 'stop.drain');
  const work: readonly (AnyFact | undefined)[] = [
    known(context, member, 'timeout.request'),
    known(context, member, 'timeout.llm'),
  ];
  const longest = work
    .filter(fact => fact !== undefined && fact.origin !== 'default')
    .sort((a, b) => Number(b?.value) - Number(a?.value))[0];
  if (!drain || !longest || drain.value > Number(longest.value)) return [];
  const what = longest.kind === 'timeout.llm' ? 'a call to the model' : 'a request';
  const message = `${member.name} drains for ${duration(drain.value)}${quoted(drain)}, but ${what} may take ${duration(Number(longest.value))}`;
  return [{ at: drain.at, message, related: [cited(longest)] }];
}
