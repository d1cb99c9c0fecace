#!/bin/sh
psql -v ON_ERROR_STOP=1 -v reader=reporting -f roles.sql
psql -v app=web <<'SQL'
ALTER ROLE :"app" SUPERUSER;
SQL
