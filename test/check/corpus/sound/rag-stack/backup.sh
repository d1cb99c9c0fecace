#!/usr/bin/env bash
# Writes one verified dump; the last seven stay whatever their age.
set -euo pipefail
cd "$(dirname "$0")"
target=/var/backups/rag
umask 077
mkdir -p "$target"
name="rag-$(date +%Y%m%dT%H%M%S).dump"
docker compose exec -T postgres pg_dump --format=custom --username rag rag > "$target/$name.partial"
docker compose exec -T postgres pg_restore --list < "$target/$name.partial" > /dev/null
mv "$target/$name.partial" "$target/$name"
ls -1t "$target"/rag-*.dump | tail -n +8 | xargs -r rm --
