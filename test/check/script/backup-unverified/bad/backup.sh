#!/usr/bin/env bash
set -euo pipefail
FILE=/backups/app_$(date +%Y%m%d).sql.gz
pg_dump app | gzip > "$FILE" # nightly
pg_dump -Fc app > /backups/app.dump
pg_dump -Fc -f /backups/other.dump other
