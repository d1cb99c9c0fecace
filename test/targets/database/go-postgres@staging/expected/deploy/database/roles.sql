-- Roles and privileges of ai-endpoint-server in the database ai_agents. It may be run again at any time:
--   psql -X -h staging-db.internal -p 5432 -U postgres -d ai_agents -f deploy/database/roles.sql
-- as a superuser, or as an administrator who may make roles and owns the database, which is there already:
--   createdb -h staging-db.internal -p 5432 -U postgres ai_agents
--
-- Passwords come from the environment, so that they stand in no file and in no process list:
--   DATABASE_OWNER_PASSWORD   ai_agents_owner: owns the schema, runs migrations
--   DATABASE_PASSWORD         ai_endpoint_user: what the service logs in as
--   DATABASE_BACKUP_PASSWORD  ai_endpoint_user_backup: reads everything, changes nothing
-- A password that is not set stays what it is. \password in psql sets one too, hashed before it is sent.
-- Afterwards: deploy/database/check.sql.
\set ON_ERROR_STOP on
-- psql has no \getenv before 14, so a shell's printf reads the environment.
\set given `test -n "$DATABASE_OWNER_PASSWORD" && echo yes || echo no`
\if :given
\set owner_password `printf %s "$DATABASE_OWNER_PASSWORD"`
\endif
\set given `test -n "$DATABASE_PASSWORD" && echo yes || echo no`
\if :given
\set app_password `printf %s "$DATABASE_PASSWORD"`
\endif
\set given `test -n "$DATABASE_BACKUP_PASSWORD" && echo yes || echo no`
\if :given
\set backup_password `printf %s "$DATABASE_BACKUP_PASSWORD"`
\endif
SELECT current_database() <> 'ai_agents' AS is_elsewhere \gset
\if :is_elsewhere
\echo 'connected to another database: these grants are for' 'ai_agents'
DO $$ BEGIN RAISE 'connected to another database'; END $$;
\endif

\set database 'ai_agents'
\set owner 'ai_agents_owner'
\set app 'ai_endpoint_user'
\set backup 'ai_endpoint_user_backup'
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
ALTER ROLE :"app" IN DATABASE :"database" SET statement_timeout = 60000;
ALTER ROLE :"app" IN DATABASE :"database" SET idle_in_transaction_session_timeout = 60000;
-- A migration may take long, but while it waits for a lock everything else waits behind it.
ALTER ROLE :"owner" IN DATABASE :"database" SET lock_timeout = 30000;
ALTER ROLE :"owner" IN DATABASE :"database" SET idle_in_transaction_session_timeout = 600000;
ALTER ROLE :"backup" IN DATABASE :"database" SET default_transaction_read_only = on;
ALTER ROLE :"backup" IN DATABASE :"database" SET statement_timeout = 0;
COMMIT;
