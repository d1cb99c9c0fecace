#!/bin/sh
pg_dump -Fc app > before.dump
pg_restore -d app /backups/app.dump
docker compose exec -T db psql -v ON_ERROR_STOP=1 -1 app < /backups/app.sql
