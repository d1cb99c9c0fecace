import type { Context } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { grantOf, isApplication, isKnown, name, type Sql, sqlScripts } from '../../sql.ts';

export const tooMuchPower: Rule = {
  id: 'sql/too-much-power',
  severity: 'error',
  title: 'a role of an application that may do more than the application does',
  why: 'Whoever finds one hole in the service, an injection or a leaked URL, may then drop the tables, read other databases, or make themselves a role that stays.',
  fix: 'Let another role own the schema and run migrations; grant the service SELECT, INSERT, UPDATE and DELETE on its tables and USAGE on their sequences.',
  fixable: 'no',
  example: {
    bad: 'GRANT ALL PRIVILEGES ON DATABASE app TO app_user;',
    good: 'GRANT CONNECT ON DATABASE app TO app_user;\nGRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app_user;',
  },
  check: context =>
    sqlScripts(context).flatMap(script => {
      const owns = new Set(
        script.flatMap(({ statement }) =>
          /\bNOLOGIN\b/i.test(statement.text) ? [name(statement.text.split(' ')[2] ?? '')] : [],
        ),
      );
      return script.flatMap(sql =>
        findingsOf(context, sql)
          .filter(each => !owns.has(each.role))
          .map(({ role: _, ...finding }) => finding),
      );
    }),
};

function findingsOf(context: Context, sql: Sql): (Finding & { readonly role: string })[] {
  const { text } = sql.statement;
  const found = (role: string, message: string) =>
    isApplication(context, role) ? [{ role, at: sql.at, message }] : [];
  const [, altered, options = ''] =
    /^(?:CREATE|ALTER) (?:ROLE|USER) ([\w"-]{1,70})(.{0,500})$/i.exec(text) ?? [];
  const power = /\b(?:SUPERUSER|CREATEROLE)\b/i.exec(options.replace(/'[^']*'/g, ''))?.[0].toUpperCase();
  if (altered && power) return found(name(altered), `${name(altered)} is ${power}`);
  const [, thing, owner] =
    /^(?:CREATE|ALTER) (DATABASE|SCHEMA|TABLE) .{1,200}? (?:OWNER (?:TO |= ?)?|AUTHORIZATION )(?!TO\b|=)([\w"-]{1,70})\b/i.exec(
      text,
    ) ?? [];
  if (thing && owner)
    return found(name(owner), `${name(owner)} owns the ${thing.toLowerCase()}, so it may drop and change it`);
  const grant = grantOf(sql);
  if (
    !grant ||
    grant.revokes ||
    !grant.privileges.includes('ALL') ||
    /^(?:SEQUENCES?|FUNCTIONS|ROUTINES|TYPES)$/.test(grant.kind)
  )
    return [];
  const what = grant.kind.toLowerCase();
  return grant.roles
    .filter(isKnown)
    .flatMap(role =>
      found(
        role,
        `${role} has ALL on the ${what}${grant.object === 'public' && what !== 'schema' ? '' : ` ${grant.object}`}`,
      ),
    );
}
