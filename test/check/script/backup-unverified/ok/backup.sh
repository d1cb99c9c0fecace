#!/usr/bin/env bash
set -euo pipefail
FILE=/backups/app_$(date +%Y%m%d).sql.gz
pg_dump app | gzip > "$FILE.partial"
gzip -t "$FILE.partial"
mv "$FILE.partial" "$FILE"
