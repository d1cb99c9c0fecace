import { factOf } from '../../../artifacts/fact.ts';
import type { Context, Member } from '../../context.ts';
import { connectionsOf, databaseOf, poolOf } from '../../database-pools.ts';
import { sameEnvironment } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, quoted } from '../../words.ts';
import { workerCount } from '../../worker-count.ts';

export const dbConnections: Rule = {
  id: 'cross/db-connections',
  severity: 'warning',
  title: 'more connections than the database takes',
  why: 'Each process keeps a pool of its own: under load, or while a rollout runs old and new instances, the database refuses with "too many clients", and migrations and backups get no connection either.',
  fix: 'Make the pools smaller, put a pooler such as PgBouncer between, or raise max_connections and the memory with it.',
  fixable: 'no',
  example: {
    bad: 'replicas: 6, 4 workers, DB_POOL_SIZE: 10   # max_connections 100',
    good: 'replicas: 6, 4 workers, DB_POOL_SIZE: 3',
  },
  check: context => context.members.flatMap(database => findingsOf(context, database)),
};

function findingsOf(context: Context, database: Member): Finding[] {
  const most = connectionsOf(database);
  if (!most) return [];
  const users = context.members.flatMap(member => {
    const pool = member.longRunning && sameEnvironment(member, database) ? poolOf(member) : undefined;
    if (!pool || databaseOf(context, member) !== database) return [];
    const replicas = (factOf(member, 'replicas.max') ?? factOf(member, 'replicas'))?.value ?? 1;
    const workers = workerCount(member)?.value ?? 1;
    return [{ member, pool, replicas, workers, total: replicas * workers * pool.value }];
  });
  const sum = users.reduce((all, { total }) => all + total, 0);
  const [largest] = [...users].sort((a, b) => b.total - a.total);
  if (!largest || sum <= most.value) return [];
  const each = users.map(
    ({ member, replicas, workers, pool, total }) =>
      `${member.name} opens up to ${total} (${replicas} x ${workers} workers x ${pool.value})`,
  );
  return [
    {
      at: largest.pool.at,
      message: `${each.join(', ')}, and ${database.name} takes ${most.value}${quoted(most.fact)}`,
      related: [cited(most.fact, `${database.name}: ${most.value} connections`)],
    },
  ];
}
