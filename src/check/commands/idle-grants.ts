import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { listed } from '../words.ts';
import { type Grant, grantOf, isKnown, name, type SqlScript, sqlScripts } from './sql.ts';

export function idleGrants(context: Context): readonly Finding[] {
  return sqlScripts(context).flatMap(script => [...narrower(script), ...early(script)]);
}

const EVERY = new Set([
  'ALL',
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'TRUNCATE',
  'REFERENCES',
  'TRIGGER',
  'USAGE',
  'CREATE',
  'CONNECT',
  'TEMPORARY',
  'EXECUTE',
]);

function narrower(script: SqlScript): Finding[] {
  const before: Grant[] = [];
  return script.flatMap((sql): Finding[] => {
    const grant = grantOf(sql);
    if (!grant) return [];
    if (grant.revokes) {
      before.length = 0;
      return [];
    }
    const wide = before.find(each => includes(each, grant));
    before.push(grant);
    if (!wide || grant.privileges.some(each => !EVERY.has(each))) return [];
    const what = `${listed(grant.roles)} ${grant.roles.length > 1 ? 'get' : 'gets'} ${listed(grant.privileges)} and ${grant.roles.length > 1 ? 'have' : 'has'} ${listed(wide.privileges)} there already`;
    return [{ at: sql.at, message: what, related: [{ ...wide.sql.at, message: 'granted here' }] }];
  });
}

const includes = (wide: Grant, narrow: Grant): boolean =>
  wide.later === narrow.later &&
  wide.maker === narrow.maker &&
  (wide.object === narrow.object
    ? wide.kind === narrow.kind
    : wide.kind === 'TABLES' &&
      narrow.kind === 'TABLE' &&
      wide.object === 'public' &&
      !narrow.object.includes('.')) &&
  narrow.roles.every(role => isKnown(role) && wide.roles.includes(role)) &&
  narrow.privileges.every(each => wide.privileges.includes(each) || wide.privileges.includes('ALL'));

const TABLE = /^CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?([\w".]{1,130})/i;

/** Grants on tables that only later statements make. */
function early(script: SqlScript): Finding[] {
  const tables = script.flatMap(({ statement }, i) => {
    const table = TABLE.exec(statement.text)?.[1];
    return table ? [{ name: name(table).replace(/^public\./, ''), i }] : [];
  });
  const all = script.flatMap(sql => grantOf(sql) ?? []);
  return script.flatMap((sql, i): Finding[] => {
    const grant = grantOf(sql);
    if (!grant || grant.revokes || grant.later) return [];
    const role = grant.roles[0] ?? '';
    if (grant.kind === 'TABLE') {
      const made = tables.find(each => each.name === grant.object.replace(/^public\./, ''));
      return made && made.i > i
        ? [
            {
              at: sql.at,
              message: `${grant.object} is only made later, so nothing can be granted on it here`,
            },
          ]
        : [];
    }
    const covered = all.some(each => each.later && !each.revokes && each.roles.includes(role));
    if (grant.kind !== 'TABLES' || covered || tables.length === 0 || tables.some(each => each.i < i))
      return [];
    return [
      { at: sql.at, message: `no table is there yet: ${role} gets nothing on those that are made later` },
    ];
  });
}
