#!/bin/sh
# Runs once, as the superuser, when the database's volume is empty: makes the roles that own the schema, serve
# and back up, as deploy/database/roles.sql does elsewhere. Passwords come from the environment; psql reads
# them itself, so that none stands in a process list.
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set owner_password `printf %s "$DATABASE_OWNER_PASSWORD"`
\set app_password `printf %s "$DATABASE_PASSWORD"`
-- The backup's role has no password: it logs in inside of the container only.
\set database 'beyondcloud'
\set owner 'beyondcloud_owner'
\set app 'beyondcloud'
\set backup 'beyondcloud_backup'
\set app_migrates 'true'

-- Asked of the server, so that one script fits every version and every administrator.
SELECT rolsuper AS is_super,
  current_setting('server_version_num')::int >= 140000
    AND (rolsuper OR current_setting('server_version_num')::int < 160000
      OR pg_has_role(current_user, (SELECT oid FROM pg_roles WHERE rolname = 'pg_read_all_data'), 'USAGE WITH ADMIN OPTION'))
    AS reads_all
FROM pg_roles WHERE rolname = current_user \gset

BEGIN;
SELECT format('CREATE ROLE %I', wanted) FROM unnest(ARRAY[:'owner', :'app', :'backup']) AS wanted
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) \gexec

-- Nobody here makes roles or databases, replicates, or passes by row security, whatever was granted before.
SELECT format('ALTER ROLE %I LOGIN NOCREATEDB NOCREATEROLE', wanted)
FROM unnest(ARRAY[:'owner', :'app', :'backup']) AS wanted \gexec
\if :is_super
ALTER ROLE :"owner" NOSUPERUSER NOREPLICATION NOBYPASSRLS;
ALTER ROLE :"app" NOSUPERUSER NOREPLICATION NOBYPASSRLS;
-- A backup that row security hides rows from would be no backup.
ALTER ROLE :"backup" NOSUPERUSER NOREPLICATION BYPASSRLS;
\else
-- Who is no superuser can grant in the name of the owner only as its member.
SELECT format('GRANT %I TO CURRENT_USER', :'owner') WHERE NOT pg_has_role(:'owner', 'MEMBER') \gexec
\endif
\if :{?owner_password}
ALTER ROLE :"owner" PASSWORD :'owner_password';
\endif
\if :{?app_password}
ALTER ROLE :"app" PASSWORD :'app_password';
\endif
\if :{?backup_password}
ALTER ROLE :"backup" PASSWORD :'backup_password';
\endif

-- Everyone could connect, and before PostgreSQL 15 make tables in this schema.
REVOKE ALL ON DATABASE :"database" FROM PUBLIC, :"app", :"backup";
REVOKE ALL ON SCHEMA public FROM PUBLIC, :"app", :"backup";

-- CREATE on the database is for schemas and trusted extensions that a migration makes.
GRANT CONNECT, TEMPORARY, CREATE ON DATABASE :"database" TO :"owner";
GRANT CONNECT ON DATABASE :"database" TO :"app", :"backup";
ALTER SCHEMA public OWNER TO :"owner";
GRANT USAGE ON SCHEMA public TO :"app", :"backup";
\if :app_migrates
-- The service migrates at its start: it makes its own tables, and owns them.
GRANT CREATE ON SCHEMA public TO :"app";
\endif

-- What is there.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"app";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"app";
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO :"app";

-- What the owner makes later is the service's to use, not to change.
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT EXECUTE ON ROUTINES TO :"app";
-- Functions are everyone's by default, which no schema's own defaults can take back.
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner"
  REVOKE EXECUTE ON ROUTINES FROM PUBLIC;

\if :reads_all
SELECT format('GRANT pg_read_all_data TO %I', :'backup') WHERE NOT pg_has_role(:'backup', 'pg_read_all_data', 'MEMBER') \gexec
\else
GRANT SELECT ON ALL TABLES IN SCHEMA public TO :"backup";
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO :"backup";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT ON TABLES TO :"backup";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT ON SEQUENCES TO :"backup";
\if :app_migrates
SELECT format('GRANT %I TO CURRENT_USER', :'app') WHERE NOT :'is_super'::boolean \gexec
ALTER DEFAULT PRIVILEGES FOR ROLE :"app" IN SCHEMA public
  GRANT SELECT ON TABLES TO :"backup";
ALTER DEFAULT PRIVILEGES FOR ROLE :"app" IN SCHEMA public
  GRANT SELECT ON SEQUENCES TO :"backup";
\endif
\endif

-- Times after which what hangs is ended, in this database alone; milliseconds.
ALTER ROLE :"app" IN DATABASE :"database" SET statement_timeout = 115000;
ALTER ROLE :"app" IN DATABASE :"database" SET idle_in_transaction_session_timeout = 115000;
-- A migration may take long, but while it waits for a lock everything else waits behind it.
ALTER ROLE :"owner" IN DATABASE :"database" SET lock_timeout = 30000;
ALTER ROLE :"owner" IN DATABASE :"database" SET idle_in_transaction_session_timeout = 600000;
ALTER ROLE :"backup" IN DATABASE :"database" SET default_transaction_read_only = on;
ALTER ROLE :"backup" IN DATABASE :"database" SET statement_timeout = 0;
COMMIT;
SQL
