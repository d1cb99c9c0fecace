#!/usr/bin/env bash
set -euo pipefail
pg_dump -Fc app > /backups/app.dump.tmp
pg_restore --list /backups/app.dump.tmp > /dev/null
mv /backups/app.dump.tmp /backups/app.dump
find /backups -name '*.dump' -mtime +30 -delete
