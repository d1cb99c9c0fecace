#!/bin/sh
# Runs once, as the superuser, when the database's volume is empty: makes the role that owns the schema
# and the restricted role that the service logs in as. Names and passwords come from the environment;
# psql reads them itself, so that no password stands in a process list.
set -eu

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv database POSTGRES_DB
\getenv owner DATABASE_OWNER
\getenv owner_password DATABASE_OWNER_PASSWORD
\getenv app DATABASE_USER
\getenv app_password DATABASE_PASSWORD
\getenv app_migrates DATABASE_USER_MIGRATES

BEGIN;
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"app" LOGIN PASSWORD :'app_password';

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO :"owner", :"app";

-- Before PostgreSQL 15 anyone could create objects in this schema.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO :"owner";
GRANT USAGE ON SCHEMA public TO :"app";
\if :app_migrates
-- The service migrates at its start, so it makes its own tables.
GRANT CREATE ON SCHEMA public TO :"app";
\endif

-- What the owner makes later is the service's to use, not to change.
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT EXECUTE ON FUNCTIONS TO :"app";
COMMIT;
SQL
