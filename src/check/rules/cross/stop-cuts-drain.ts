import { factOf } from '../../../artifacts/fact.ts';
import type { Context, Member } from '../../context.ts';
import { raisedBudget } from '../../edits/stop-budget.ts';
import { known } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';
import { duration } from '../../words.ts';

export const stopCutsDrain: Rule = {
  id: 'cross/stop-cuts-drain',
  severity: ['error', 'info'],
  title: 'a service is killed before it has finished its work',
  why: 'On each deploy and restart the platform kills the process while requests are still being answered: they break off, and paid-for answers are lost.',
  fix: 'Give the stop a budget longer than the drain and what precedes it: stop_grace_period, terminationGracePeriodSeconds, TimeoutStopSec.',
  fixable: 'safe',
  example: {
    bad: 'environment: {DRAIN_TIMEOUT: 25s}\nstop_grace_period: 12s',
    good: 'environment: {DRAIN_TIMEOUT: 25s}\nstop_grace_period: 30s',
  },
  check: context => context.members.flatMap(member => findingsOf(context, member)),
};

/** What is left for the last words of a process; milliseconds. */
const MARGIN = 5_000;

function findingsOf(context: Context, member: Member): Finding[] {
  const budget = factOf(member, 'stop.budget');
  const drain = known(context, member, 'stop.drain');
  const before = factOf(member, 'stop.before');
  if (!budget || !(drain || before) || !member.longRunning) return [];
  const needed = (before?.value ?? 0) + (drain?.value ?? 0);
  if (needed < budget.value) return [];
  const spent = [
    ...(before ? [`waits ${duration(before.value)}`] : []),
    ...(drain ? [`drains for ${duration(drain.value)}`] : []),
  ].join(' and ');
  const quoted = budget.note ? ` (${budget.note})` : '';
  const related = [drain, before].flatMap(fact =>
    fact ? [{ ...fact.at, message: fact.note ?? 'stated here' }] : [],
  );
  return [
    {
      at: budget.at,
      severity: member.platform === 'cloudrun' ? 'info' : 'error',
      message: `${member.name} is killed after ${duration(budget.value)}${quoted} but ${spent}`,
      related,
      edits: raisedBudget(context, member, budget, needed + MARGIN),
    },
  ];
}
