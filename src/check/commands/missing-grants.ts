import { factsOf } from '../../artifacts/fact.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { behind, type Grant, grantOf, isApplication, loginsOf, name, sqlScripts } from './sql.ts';

export function missingGrants(context: Context): readonly Finding[] {
  const all = sqlScripts(context).flat();
  const grants = all.flatMap(sql => grantOf(sql) ?? []).filter(each => !each.revokes);
  const text = all.map(({ statement }) => statement.text);
  const first = new Set<string>();
  return grants.flatMap(grant =>
    grant.roles.flatMap((role): Finding[] => {
      const judged =
        /^TABLES?$/.test(grant.kind) && !grant.later && isApplication(context, role) && !owns(text, role);
      if (!judged || first.has(role)) return [];
      first.add(role);
      return faultsOf(context, {
        grant,
        role,
        own: grants.filter(each => each.roles.includes(role)),
        text,
      });
    }),
  );
}

/** Who makes the tables has everything on them. */
const owns = (text: readonly string[], role: string): boolean =>
  text.some(each =>
    new RegExp(
      `\\b(?:OWNER (?:TO |= ?)?|AUTHORIZATION |SUPERUSER\\b.{0,40})"?${role.replace(/\W/g, '\\$&')}\\b`,
      'i',
    ).test(each),
  ) ||
  text.some(
    each =>
      /^(?:CREATE|ALTER) (?:ROLE|USER) /i.test(each) &&
      name(each.split(' ')[2] ?? '') === role &&
      /\bSUPERUSER\b/i.test(each),
  );

interface Role {
  readonly grant: Grant;
  readonly role: string;
  readonly own: readonly Grant[];
  readonly text: readonly string[];
}

function faultsOf(context: Context, { grant, role, own, text }: Role): Finding[] {
  const { sql, object } = grant;
  const may = (privilege: string, kind: RegExp, later?: boolean) =>
    own.some(
      each =>
        kind.test(each.kind) &&
        (later === undefined || each.later === later) &&
        each.privileges.some(given => given === privilege || given === 'ALL'),
    );
  const tables = text.filter(each => /^CREATE (?:UNLOGGED )?TABLE /i.test(each));
  const serial = tables.length === 0 || tables.some(each => /\b(?:big|small)?serial\b|nextval/i.test(each));
  const schema = grant.kind === 'TABLES' ? object : 'public';
  const add = (statement: string) => ({ edits: [sql.text.edit(behind(sql), behind(sql), `\n${statement}`)] });
  const login = loginsOf(context).has(role) || loginsOf(context).size === 0;
  const given = (pattern: RegExp) =>
    context.members
      .flatMap(member => factsOf(member, 'env'))
      .find(({ value }) => pattern.test(value.name) && !/^(?:0|false|no|off)?$/i.test(value.value ?? ''));
  const migrates = login
    ? given(/^(?:\w+_)?(?:AUTO_?MIGRAT\w*|RUN_MIGRATIONS?|MIGRATE_ON_START\w*)$/)
    : undefined;
  const prunes = login ? given(/^(?:\w+_)?RETENTION_(?:DAYS|HOURS|PERIOD)$/) : undefined;
  const found: (Finding | false)[] = [
    may('INSERT', /^TABLES?$/) &&
      serial &&
      !may('USAGE', /^SEQUENCES?$/) && {
        at: sql.at,
        message: `${role} may INSERT and may not use the sequences of the keys`,
        ...add(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role};`),
      },
    grant.kind === 'TABLES' &&
      !own.some(each => each.later && each.kind === 'TABLES') && {
        at: sql.at,
        message: `${role} gets nothing on tables that are made later: no default privileges say so`,
        ...add(
          `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT ${grant.privileges.join(', ')} ON TABLES TO ${role};`,
        ),
      },
    migrates !== undefined &&
      !may('CREATE', /^SCHEMA$/) && {
        at: sql.at,
        message: `${role} runs the migrations and may not CREATE in the schema ${schema}`,
        related: [{ ...migrates.at, message: `${migrates.value.name}=${migrates.value.value ?? ''}` }],
        ...add(`GRANT CREATE ON SCHEMA ${schema} TO ${role};`),
      },
    prunes !== undefined &&
      !may('DELETE', /^TABLES?$/) && {
        at: sql.at,
        message: `${role} prunes and may not DELETE`,
        related: [{ ...prunes.at, message: `${prunes.value.name}=${prunes.value.value ?? ''}` }],
        ...(grant.kind === 'TABLES' ? add(`GRANT DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role};`) : {}),
      },
  ];
  return found.filter((each): each is Finding => each !== false);
}
