import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { grantOf, isApplication, isKnown, name, type Sql, sqlScripts } from './sql.ts';

export function excessPower(context: Context): readonly Finding[] {
  return sqlScripts(context).flatMap(script => {
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
  });
}

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
