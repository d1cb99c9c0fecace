import { type Fact, factsOf } from '../../../artifacts/fact.ts';
import type { Member } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited } from '../../words.ts';

export const readinessBlind: Rule = {
  id: 'cross/readiness-blind',
  severity: ['warning', 'info'],
  title: 'a service with a database that is ready whether or not it reaches it',
  why: 'The path only says that the process lives: an instance with a wrong password or without a route to its database counts as ready, gets requests, and passes the check of the deploy.',
  fix: 'Give it a path of its own for readiness, such as /ready, that asks the database with a short timeout; keep the other for liveness.',
  fixable: 'no',
  example: {
    bad: 'readinessProbe: {httpGet: {path: /livez}}',
    good: 'readinessProbe: {httpGet: {path: /readyz}}',
  },
  check: context => [...context.services.values()].flatMap(findingsOf),
};

const SHALLOW = /\/(?:livez?|liveness|alive|ping|healthz)\/?$/;
const DATABASE = /^(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MONGO|MONGODB)_(?:URL|URI|DSN|HOST)$|^PGHOST$/;

/** All that asks is one path, and its name says that it looks no further than the process. */
function findingsOf(members: readonly Member[]): Finding[] {
  const database = members
    .flatMap(each => factsOf(each, 'env'))
    .find(({ value }) => DATABASE.test(value.name));
  const checks = members.flatMap(each => factsOf(each, 'health')).map(fact => ({ fact, path: pathOf(fact) }));
  const paths = new Set(checks.map(({ path }) => path));
  const [path] = paths;
  if (!database || paths.size !== 1 || path === undefined || !SHALLOW.test(path)) return [];
  // What aideploy.yaml calls readiness somebody has decided on.
  const declared = members.some(each => each.platform === 'config');
  return checks
    .filter(({ fact }) => fact.value.role === 'ready' && (!declared || fact.note?.startsWith('health.')))
    .map(({ fact }) => ({
      at: fact.at,
      ...(declared ? { severity: 'info' as const } : {}),
      message: `readiness asks ${path}, the only health path there is, and the service needs a database`,
      related: [cited(database, `${database.value.name} is given here`)],
    }));
}

/** Of an HTTP check, also where a command does it; another kind of check is not known to be shallow. */
function pathOf({ value: { path, command } }: Fact<'health'>): string | undefined {
  if (path !== undefined) return path;
  const url = /https?:\/\/[^\s/"']{1,200}(\/[^\s"'?)]{0,200})?/.exec(command?.join(' ') ?? '');
  return url ? (url[1] ?? '/') : undefined;
}
