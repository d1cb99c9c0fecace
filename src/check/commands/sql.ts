import { factsOf } from '../../artifacts/fact.ts';
import { type Statement, statements } from '../../artifacts/sql/statements.ts';
import { embed, type Place, type Text } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import { callsOf } from '../scripts.ts';
import { setBy, setFor, type Variables, withVariables } from './sql-variables.ts';

/** A statement, where it stands, and what it does if it is about privileges. */
export interface Sql {
  readonly statement: Statement;
  readonly text: Text;
  readonly at: Place;
}

/** The statements that are run one after the other: a file, what psql is given by a here-document or by `-c`. */
export type SqlScript = readonly Sql[];

const KNOWN = new WeakMap<Context, readonly SqlScript[]>();

export function sqlScripts(context: Context): readonly SqlScript[] {
  const known = KNOWN.get(context);
  if (known) return known;
  const of = (text: Text, list: readonly Statement[], variables: Variables): SqlScript =>
    withVariables(list, variables).map(statement => ({ statement, text, at: text.place(statement.start) }));
  const found = [
    ...context.of('sql').map(({ text, body, name: path }) => of(text, body, setFor(context, path))),
    ...given(context).map(({ text, variables }) => of(text, statements(text.content), variables)),
  ];
  KNOWN.set(context, found);
  return found;
}

const given = (context: Context): readonly { text: Text; variables: Variables }[] =>
  callsOf(context, 'psql', 'docker', 'docker-compose', 'kubectl', 'podman').flatMap(
    ({ command, name, shell }) => {
      const { words } = command;
      const variables = name === 'psql' ? setBy({ command }) : new Map<string, string>();
      if (name !== 'psql' && !words.some(word => word.value === 'psql')) return [];
      const inline = words.flatMap((word, i): Text[] => {
        const asked = /^(?:-c|--command)$/.test(words[i - 1]?.raw ?? '') && word.value !== undefined;
        return asked && word.raw.slice(1, -1) === word.value
          ? [embed(shell.document.text, [{ text: word.value, offset: word.start + 1 }])]
          : [];
      });
      return [...inline, ...command.redirects.flatMap(each => each.heredoc ?? [])].map(text => ({
        text,
        variables,
      }));
    },
  );

/** GRANT or REVOKE of privileges on objects. */
export interface Grant {
  readonly sql: Sql;
  readonly revokes: boolean;
  /** ALTER DEFAULT PRIVILEGES: for what is made later. */
  readonly later: boolean;
  /** By whom, as written: defaults are those of one who makes objects. */
  readonly maker: string | undefined;
  /** In capitals; ALL for all of them. */
  readonly privileges: readonly string[];
  /** `TABLES`, `SEQUENCES`, `SCHEMA`, `DATABASE`, or `TABLE`, `SEQUENCE` of one by its name. */
  readonly kind: string;
  /** The schema of all of them, or the name of the one. */
  readonly object: string;
  readonly roles: readonly string[];
}

const GRANT =
  /^(?:ALTER DEFAULT PRIVILEGES (?:.{0,200}? )??)?(GRANT|REVOKE) ([\w ,()]{2,200}?) ON (?:(ALL) )?(?:(TABLES|SEQUENCES|FUNCTIONS|ROUTINES|TABLE|SEQUENCE|SCHEMA|DATABASE|SCHEMAS|TYPES) )?(.{0,300}?) ?(?:TO|FROM) ([^;]{1,300})$/i;

export function grantOf(sql: Sql): Grant | undefined {
  const { text } = sql.statement;
  const later = /^ALTER DEFAULT PRIVILEGES /i.test(text);
  if (!later && !/^(?:GRANT|REVOKE) /i.test(text)) return undefined;
  const [, verb = '', list = '', all, kind = later ? 'TABLES' : 'TABLE', rest = '', roles = ''] =
    GRANT.exec(text) ?? [];
  if (verb === '') return undefined;
  const schema = /\bIN SCHEMA ([\w"]+)/i.exec(text)?.[1];
  return {
    sql,
    revokes: verb.toUpperCase() === 'REVOKE',
    later,
    maker: /\bFOR (?:ROLE|USER) (.{1,200}?) (?:IN SCHEMA|GRANT|REVOKE)\b/i.exec(text)?.[1],
    privileges: list
      .toUpperCase()
      .split(',')
      .map(each => each.replace(/\bPRIVILEGES\b|\(.*/g, '').trim()),
    kind: kind.toUpperCase(),
    object: name(all || later ? (schema ?? 'public') : rest),
    roles: roles
      .replace(/ WITH GRANT OPTION.*| GRANTED BY.*/i, '')
      .split(',')
      .map(name),
  };
}

/** As PostgreSQL folds it. */
export const name = (written: string): string => {
  const text = written.trim();
  return /^"[^"]*"$/.test(text) ? text.slice(1, -1) : text.toLowerCase();
};

export const isKnown = (role: string): boolean =>
  /^[\w-]+$/.test(role) && !/^(?:public|current_user|session_user)$/.test(role);

/** Roles that are there to own, to change or to copy everything. */
const ADMINISTERS =
  /postgres|admin|owner|dba|root|super|migrat|backup|replica|monitor|deploy|rds|azure|cloudsql/;

/** A role that a service logs in as: a URL says so, or nothing says that it administers. */
export function isApplication(context: Context, role: string): boolean {
  return isKnown(role) && (loginsOf(context).has(role) || !ADMINISTERS.test(role));
}

/** Names that the services of the set log in to PostgreSQL with. */
export function loginsOf(context: Context): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (variable: string, value: string) => {
    const user = /^["']?postgres(?:ql)?(?:\+\w+)?:\/\/([\w-]{1,63})[:@]/.exec(value)?.[1];
    const named = /^(?:DB|DATABASE|PG|POSTGRES)_?USER(?:NAME)?$/.test(variable) && /^[\w-]+$/.test(value);
    if (user) found.add(user);
    else if (named && value !== 'postgres') found.add(value);
  };
  for (const { body } of context.of('env')) for (const each of body) add(each.name, each.value ?? '');
  for (const member of context.members)
    for (const { value } of factsOf(member, 'env')) add(value.name, value.value ?? '');
  return found;
}

/** Behind the semicolon of a statement. */
export const behind = ({ text, statement }: Sql): number =>
  text.content[statement.end] === ';' ? statement.end + 1 : statement.end;
