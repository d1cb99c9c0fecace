#!/usr/bin/env bash
set -euo pipefail
work=$(mktemp -d)
pg_dump -Fc app > "$work/app.dump"
pg_restore --list "$work/app.dump" > /dev/null
mv "$work/app.dump" "/backups/app_$(date +%s).dump"
pg_dump --schema-only app > schema.sql
pg_dump --version > version
