-- Whether the database is what ai-endpoint-server needs: reachable, encrypted, migrated, and no role with more than its due.
--   psql -X -h prod-db.internal -p 5432 -U ai_endpoint_user_backup -d ai_agents -f deploy/database/check.sql
-- Any role may run it. It changes nothing; psql ends with 3 where there is a problem.
\set ON_ERROR_STOP on
\set QUIET on
\set owner 'ai_agents_owner'
\set app 'ai_endpoint_user'
\set backup 'ai_endpoint_user_backup'
\set migrations 'schema_migrations'
SELECT count(*) < 3 AS roles_missing FROM pg_roles WHERE rolname IN (:'owner', :'app', :'backup') \gset
\if :roles_missing
\echo 'problem: one of these roles is missing (deploy/database/roles.sql makes them):' :'owner' :'app' :'backup'
DO $$ BEGIN RAISE 'a role is missing'; END $$;
\endif

-- Materialized: otherwise a privilege is asked of what is no table or sequence.
WITH tables AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relowner::regrole::text AS owner FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), sequences AS MATERIALIZED (
  SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
), needed AS (
  SELECT relname, privilege FROM tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
  WHERE NOT has_table_privilege(:'app', oid, privilege)
), excess AS (
  SELECT relname, privilege FROM tables, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
  WHERE owner <> quote_ident(:'app') AND has_table_privilege(:'app', oid, privilege)
), checks (number, what, ok, found) AS (
  SELECT 1, 'the server''s major version', current_setting('server_version_num')::int / 10000 = 15,
    current_setting('server_version')
  UNION ALL SELECT 2, 'the connection is encrypted', coalesce(ssl, false) OR NOT true,
    coalesce(version, 'clear text') FROM (SELECT) AS once LEFT JOIN pg_stat_ssl ON pid = pg_backend_pid()
  UNION ALL SELECT 3, 'nobody but known roles may connect', NOT has_database_privilege('public', current_database(), 'CONNECT'),
    CASE WHEN has_database_privilege('public', current_database(), 'CONNECT') THEN 'PUBLIC may' ELSE 'PUBLIC may not' END
  UNION ALL SELECT 4, 'nobody but known roles makes tables', NOT has_schema_privilege('public', 'public', 'CREATE'),
    CASE WHEN has_schema_privilege('public', 'public', 'CREATE') THEN 'PUBLIC may' ELSE 'PUBLIC may not' END
  UNION ALL SELECT 5, 'the owner owns the schema', nspowner = quote_ident(:'owner')::regrole, nspowner::regrole::text
    FROM pg_namespace WHERE nspname = 'public'
  UNION ALL SELECT 6, 'a role is no administrator: ' || rolname,
    NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR (rolbypassrls AND rolname <> :'backup')),
    concat_ws(', ', CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
      CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
      CASE WHEN rolbypassrls THEN 'BYPASSRLS' END)
    FROM pg_roles WHERE rolname IN (:'owner', :'app', :'backup')
  UNION ALL SELECT 7, 'the service makes tables only if it migrates',
    has_schema_privilege(:'app', 'public', 'CREATE') = true,
    CASE WHEN has_schema_privilege(:'app', 'public', 'CREATE') THEN 'it may' ELSE 'it may not' END
  UNION ALL SELECT 8, 'the service owns no table of others', true OR count(*) = 0, string_agg(relname, ', ')
    FROM tables WHERE owner = quote_ident(:'app')
  UNION ALL SELECT 9, 'there are tables', count(*) > 0, count(*)::text FROM tables
  UNION ALL SELECT 10, 'the service may read and write every table', count(*) = 0, string_agg(privilege || ' on ' || relname, ', ')
    FROM needed
  UNION ALL SELECT 11, 'the service may do no more to them', count(*) = 0, string_agg(privilege || ' on ' || relname, ', ')
    FROM excess
  UNION ALL SELECT 12, 'the service may use every sequence', count(*) = 0, string_agg(relname, ', ')
    FROM sequences WHERE NOT has_sequence_privilege(:'app', oid, 'USAGE')
  UNION ALL SELECT 13, 'tables to come will be the service''s too', true OR count(*) > 0, count(*)::text
    FROM pg_default_acl WHERE defaclobjtype = 'r' AND defaclrole = quote_ident(:'owner')::regrole
  UNION ALL SELECT 14, 'a backup can read every table', count(*) = 0, string_agg(relname, ', ')
    FROM tables WHERE NOT has_table_privilege(:'backup', oid, 'SELECT')
  UNION ALL SELECT 15, 'a backup can change nothing', count(*) = 0, string_agg(relname, ', ')
    FROM tables WHERE has_table_privilege(:'backup', oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
  UNION ALL SELECT 16, 'migrations are recorded', to_regclass(quote_ident(:'migrations')) IS NOT NULL, :'migrations'
)
SELECT string_agg(concat_ws(E'\t', CASE WHEN ok THEN 'ok' ELSE 'problem' END, what, nullif(found, '')), E'\n' ORDER BY number, what) AS report,
  bool_and(ok) AS is_sound, to_regclass(quote_ident(:'migrations')) IS NOT NULL AS is_migrated
FROM checks \gset
\echo :report
\if :is_migrated
-- In the order that they were applied in, if the table's first column says so.
SELECT * FROM "schema_migrations" ORDER BY 1;
\endif
\if :is_sound
\else
DO $$ BEGIN RAISE 'there are problems, see above'; END $$;
\endif
