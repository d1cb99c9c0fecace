import { type AnyFact, factOf } from '../../artifacts/fact.ts';
import { compare, type Place } from '../../artifacts/text.ts';
import type { Context, Member } from '../context.ts';
import { known } from '../knowledge.ts';

/** What a platform gives a service to stop, and what the service needs of it. */
export interface StopBudget {
  readonly service: string;
  readonly platform: string;
  readonly name: string;
  readonly environment: string | undefined;
  readonly budget: Amount;
  /** What passes before the process is told. */
  readonly before: Amount | undefined;
  readonly drain: Amount | undefined;
  /** What is left at the end; undefined where nothing says how long it drains. */
  readonly left: number | undefined;
}

interface Amount {
  readonly milliseconds: number;
  readonly at: Place;
  readonly note: string | undefined;
}

export function stopBudgets(context: Context): readonly StopBudget[] {
  return context.members
    .filter(member => member.longRunning && member.platform !== 'config')
    .flatMap(member => budgetOf(context, member))
    .sort(
      (a, b) => compare(a.service, b.service) || compare(a.platform, b.platform) || compare(a.name, b.name),
    );
}

function budgetOf(context: Context, member: Member): StopBudget[] {
  const budget = factOf(member, 'stop.budget');
  if (!budget) return [];
  const [before, drain] = [factOf(member, 'stop.before'), known(context, member, 'stop.drain')];
  const amount = (fact: AnyFact | undefined): Amount | undefined =>
    fact && { milliseconds: Number(fact.value), at: fact.at, note: fact.note };
  return [
    {
      service: member.service ?? member.name,
      platform: member.platform,
      name: member.name,
      environment: member.environment,
      budget: { milliseconds: budget.value, at: budget.at, note: budget.note },
      before: amount(before),
      drain: amount(drain),
      left: drain && budget.value - (before?.value ?? 0) - drain.value,
    },
  ];
}
