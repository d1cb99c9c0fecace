#!/usr/bin/env bash
# nightly
set -eu
pg_dump app | gzip > /backups/app.sql.gz
docker compose exec -T db pg_dumpall | zstd > /backups/all.zst
