#!/usr/bin/env bash
set -euo pipefail
pg_dump app | gzip > /backups/app.sql.gz
pg_dump app > app.sql
status=$?
echo "ended with $status" && docker compose up -d
