import { fail, type Observation, pass } from '../probe.ts';
import { type Ask, asService } from './login.ts';

interface Privileges {
  readonly attributes: string[];
  readonly memberships: string[];
  readonly creates: boolean;
  readonly databases: boolean;
  readonly owned: string[];
  readonly excess: string[];
  readonly missing: string[];
  readonly tables: number;
}

/** What deploy/database/check.sql asks, of the one who is logged in. */
const PRIVILEGES = `
WITH tables AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relowner FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), me AS (SELECT * FROM pg_roles WHERE rolname = current_user)
SELECT array_remove(ARRAY[CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
    CASE WHEN rolbypassrls THEN 'BYPASSRLS' END], NULL) AS attributes,
  ARRAY(SELECT r.rolname::text FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE m.member = me.oid) AS memberships,
  has_schema_privilege('public', 'CREATE') AS creates,
  has_database_privilege(current_database(), 'CREATE') AS databases,
  ARRAY(SELECT relname::text FROM tables WHERE relowner = me.oid) AS owned,
  ARRAY(SELECT privilege || ' on ' || relname FROM tables, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
    WHERE relowner <> me.oid AND has_table_privilege(tables.oid, privilege)) AS excess,
  ARRAY(SELECT privilege || ' on ' || relname FROM tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS privilege
    WHERE NOT has_table_privilege(tables.oid, privilege)) AS missing,
  (SELECT count(*)::int FROM tables) AS tables
FROM me`;

const MOST = 4;

const GRANTS = 'psql -f deploy/database/roles.sql as an administrator sets what is right';

export function lookAtPrivileges(data: Ask, signal: AbortSignal): Promise<Observation> {
  const { user } = data.database;
  const expected = `${user} reads and writes every table${data.appMigrates ? ', and makes its own' : ''}, and may do no more`;
  return asService(data, expected, signal, async session => {
    const [found] = await session.rows<Privileges>(PRIVILEGES);
    if (!found) return fail({ observed: 'a role that is not in pg_roles', expected, next: GRANTS });
    const { attributes, memberships, creates, databases, owned, excess, missing, tables } = found;
    const wrong = [
      ...(attributes.length > 0 ? [`${user} is ${attributes.join(', ')}`] : []),
      ...(memberships.length > 0 ? [`${user} is also ${memberships.join(', ')}`] : []),
      ...(databases ? [`${user} may make schemas`] : []),
      ...(creates && !data.appMigrates ? [`${user} may make tables, though its owner migrates`] : []),
      ...(!creates && data.appMigrates
        ? [`${user} may make no tables, though it migrates at its start`]
        : []),
      ...(owned.length > 0 && !data.appMigrates ? [`${user} owns ${shorten(owned)}`] : []),
      ...(excess.length > 0 ? [`${user} has ${shorten(excess)}`] : []),
      ...(missing.length > 0 ? [`${user} lacks ${shorten(missing)}`] : []),
    ];
    return wrong.length > 0
      ? fail({ observed: wrong.join('; '), expected, next: GRANTS })
      : pass(`${user} may read and write ${tables} ${tables === 1 ? 'table' : 'tables'}, and no more`);
  });
}

const shorten = (names: readonly string[]): string =>
  names.length > MOST
    ? `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more`
    : names.join(', ');
