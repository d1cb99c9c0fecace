import { factOf } from '../../../artifacts/fact.ts';
import type { Context, Member } from '../../context.ts';
import { known } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, size } from '../../words.ts';
import { workerCount } from '../../worker-count.ts';

export const workers: Rule = {
  id: 'cross/workers',
  severity: ['error', 'warning'],
  title: 'more workers than the memory or the CPU of their container holds',
  why: 'Each worker loads the program once more: together they reach the memory limit under load and the kernel kills one after the other. Workers beyond the CPU quota wait for each other, and each holds connections to the database.',
  fix: 'Let workers x memory of one stay below the limit, with some 64 MiB for the master; 2 x CPU + 1 workers are the most that a quota feeds.',
  fixable: 'no',
  example: {
    bad: 'command: gunicorn -w 9 app:app\ncpus: 1',
    good: 'command: gunicorn -w 3 app:app\ncpus: 1',
  },
  check: context => context.members.flatMap(member => findingsOf(context, member)),
};

/** What the master process and the interpreter need beside the workers. */
const MASTER = 64 * 2 ** 20;

function findingsOf(context: Context, member: Member): Finding[] {
  const count = workerCount(member);
  if (!count || count.value < 2 || member.form === 'image') return [];
  const [limit, each, quota] = [
    factOf(member, 'memory.limit'),
    known(context, member, 'worker.memory'),
    factOf(member, 'cpu.limit'),
  ];
  const needed = each && count.value * each.value + MASTER;
  if (limit && each && needed && needed >= limit.value) {
    const message = `${count.value} workers of ${size(each.value)} and their master need ${size(needed)}, and ${member.name} has ${size(limit.value)}`;
    return [{ at: count.at, message, related: [cited(limit, size(limit.value)), cited(each)] }];
  }
  const most = quota && Math.floor((2 * quota.value) / 1_000) + 1;
  if (!quota || !most || count.value <= most) return [];
  const message = `${member.name} runs ${count.value} workers on ${quota.value / 1_000} CPU, which feeds ${most}`;
  return [
    { at: count.at, severity: 'warning', message, related: [cited(quota, `${quota.value / 1_000} CPU`)] },
  ];
}
