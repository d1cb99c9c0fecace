#!/usr/bin/env bash
set -e
pg_dump app > /backups/app.sql
find /backups -name '*.sql.gz' -mtime +30 -delete
find "$BACKUP_DIR" -type f -mtime +"$RETENTION_DAYS" -exec rm {} \;
find /srv/dumps -mmin +1440 -print0 | xargs -0 rm -f
