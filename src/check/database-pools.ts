import { type AnyFact, factOf, factsOf } from '../artifacts/fact.ts';
import { shortName } from '../artifacts/image.ts';
import type { Place } from '../artifacts/text.ts';
import { addressIn, urlOf } from '../artifacts/url.ts';
import type { Context, Member } from './context.ts';
import { sameEnvironment } from './knowledge.ts';

const POSTGRES = /^(?:postgres|postgresql|postgis|pgvector|timescaledb|timescaledb-ha)$/;

/** What a PostgreSQL of the set takes. https://www.postgresql.org/docs/current/runtime-config-connection.html */
export function connectionsOf(member: Member): { value: number; fact: AnyFact } | undefined {
  const [image, command] = [factOf(member, 'image'), factOf(member, 'command')];
  if (member.form !== 'container' || !image || !POSTGRES.test(shortName(image.value))) return undefined;
  const written = /max_connections\s?=\s?(\d{1,5})/.exec(command?.value.words.join(' ') ?? '')?.[1];
  if (command && written) return { value: Number(written), fact: command as AnyFact };
  // A configuration that is mounted may say anything.
  if (factsOf(member, 'volume').some(({ value }) => /\.conf$|\/etc\/postgresql/.test(value.target)))
    return undefined;
  if (/config_file/.test(command?.value.words.join(' ') ?? '')) return undefined;
  const fact = { ...image, origin: 'default', note: 'PostgreSQL max_connections, default 100' } as AnyFact;
  return { value: 100, fact };
}

const POOL =
  /^(?:DB|DATABASE|PG|POSTGRES|POSTGRESQL|SQLALCHEMY)_(?:MAX_POOL_SIZE|POOL_(?:MAX_)?SIZE|POOL_MAX|MAX_(?:OPEN_)?CONN(?:ECTION)?S)$/;
const OVERFLOW = /^(?:DB|DATABASE|SQLALCHEMY)_(?:POOL_)?MAX_OVERFLOW$/;
/** pgx, Prisma. */
const IN_URL = /[?&](?:pool_max_conns|connection_limit)=(\d{1,4})(?:&|$)/;

/** The most connections that one process opens, where a variable says so by its name or in its URL. */
export function poolOf(member: Member): { value: number; at: Place } | undefined {
  const given = factsOf(member, 'env');
  const number = (pattern: RegExp) =>
    given.findLast(({ value }) => pattern.test(value.name) && /^\d{1,4}$/.test(value.value ?? ''));
  const [pool, overflow] = [number(POOL), number(OVERFLOW)];
  if (pool) return { value: Number(pool.value.value) + Number(overflow?.value.value ?? 0), at: pool.at };
  const url = given.find(({ value }) => IN_URL.test(urlOf(value) ?? ''));
  const limit = IN_URL.exec((url && urlOf(url.value)) ?? '')?.[1];
  return url && limit ? { value: Number(limit), at: url.at } : undefined;
}

/** The member that its database URL or host names. */
export function databaseOf(context: Context, member: Member): Member | undefined {
  for (const { value } of factsOf(member, 'env')) {
    const address = addressIn((urlOf(value) ?? '').replace(/^(postgres(?:ql)?)\+\w{1,20}:/, '$1:'));
    const isUrl = address && /^postgres(?:ql)?$/.test(address.scheme);
    const host = isUrl
      ? address.host
      : /^(?:DB|DATABASE|PG|POSTGRES)_?HOST$/.test(value.name)
        ? value.value
        : undefined;
    const found = host === undefined ? undefined : memberAt(context, member, host);
    if (found) return found;
  }
  return undefined;
}

const BY_NAME = new WeakMap<Context, ReadonlyMap<string, readonly Member[]>>();

/** What bears a name where another one runs: beside it in a compose project, or in its namespace. */
export function memberAt(context: Context, from: Member, host: string): Member | undefined {
  const short = from.platform === 'kubernetes' ? (host.split('.')[0] ?? host) : host;
  const known = BY_NAME.get(context) ?? byName(context);
  BY_NAME.set(context, known);
  return known.get(nameKey(from, short))?.find(each => sameEnvironment(each, from));
}

const nameKey = ({ platform, scope }: Member, name: string): string => `${platform}\0${scope}\0${name}`;

function byName({ members }: Context): ReadonlyMap<string, readonly Member[]> {
  const found = new Map<string, Member[]>();
  for (const member of members.filter(({ form }) => form === 'container'))
    for (const name of new Set([member.name, ...member.aliases])) {
      const key = nameKey(member, name);
      const same = found.get(key);
      if (same) same.push(member);
      else found.set(key, [member]);
    }
  return found;
}
