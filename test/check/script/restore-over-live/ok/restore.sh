#!/bin/sh
set -e
pg_dump -Fc app > before.dump
createdb app_fresh
gunzip -c "$BACKUP_FILE" | psql -v ON_ERROR_STOP=1 --single-transaction app_fresh
pg_restore --clean --if-exists --single-transaction -d app /backups/app.dump
pg_restore --clean --exit-on-error -j 4 -d app /backups/app.dump
pg_restore --list /backups/app.dump
pg_restore -f - /backups/app.dump
