import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { allCalls, shellsOf } from '../scripts.ts';
import { restoresIn } from './backups.ts';
import { isDump } from './dumps.ts';
import { ownDatabases, type Target, targetOf, type Used, usedDatabases } from './recovery.ts';

export function backupsElsewhere(context: Context): readonly Finding[] {
  return [...elsewhere(context), ...uncovered(context)];
}

const LOCAL = /^(?:localhost|127\.|::1|host\.docker\.internal|\/)/;

function elsewhere(context: Context): Finding[] {
  const used = usedDatabases(context);
  if (used.length === 0) return [];
  const restores = new Set(
    shellsOf(context)
      .flatMap(restoresIn)
      .map(each => each.call),
  );
  return allCalls(context).flatMap((call): Finding[] => {
    const target = isDump(call) || restores.has(call) ? targetOf(call) : undefined;
    const message = target && differenceOf(target, used);
    return message
      ? [
          {
            at: call.at,
            message,
            related: used.slice(0, 3).map(({ at, host, database, member }) => ({
              ...at,
              message: `${member.name} uses ${database} on ${host}`,
            })),
          },
        ]
      : [];
  });
}

/** Names of containers and this machine's own are known elsewhere by others. */
function differenceOf({ call, host, database }: Target, used: readonly Used[]): string | undefined {
  const remote = used.filter(each => each.host.includes('.') && !LOCAL.test(each.host));
  const other =
    host?.includes('.') &&
    !LOCAL.test(host) &&
    remote.length === used.length &&
    !remote.some(each => each.host === host.toLowerCase());
  if (other) return `${call.name} asks ${host}, where no service has its database`;
  const known =
    database !== undefined &&
    !/^(?:postgres|template\d)$/.test(database) &&
    !/test|rehears|restore|tmp|new|copy|verify/i.test(database);
  return known && !used.some(each => each.database === database)
    ? `${call.name} names the database ${database}, which no service uses`
    : undefined;
}

/** A database in a container of the set, while all backups address other machines. */
function uncovered(context: Context): Finding[] {
  const dumps = allCalls(context).filter(isDump);
  const targets = dumps.map(call => targetOf(call));
  // One without a host, or inside of a container, may be its.
  if (dumps.length === 0 || !targets.every(target => target?.host?.includes('.') && !LOCAL.test(target.host)))
    return [];
  const [first] = dumps;
  return ownDatabases(context).map(({ name, at }) => ({
    at,
    message: `no backup covers ${name}: all of them ask other machines`,
    related: first ? [{ ...first.at, message: `${first.name} asks ${targets[0]?.host}` }] : [],
  }));
}
