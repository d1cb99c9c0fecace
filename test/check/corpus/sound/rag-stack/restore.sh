#!/usr/bin/env bash
# restore.sh <dump>: puts a dump into an empty database of its own, then swaps the names.
# What was written since the dump is in rag_replaced only.
set -euo pipefail
cd "$(dirname "$0")"
dump=${1:?a dump is needed}
docker compose exec -T postgres createdb --username rag rag_restored
docker compose exec -T postgres pg_restore --username rag --dbname rag_restored --exit-on-error --single-transaction < "$dump"
docker compose stop api
docker compose exec -T postgres psql --username rag --dbname postgres --set ON_ERROR_STOP=1 \
  --command 'ALTER DATABASE rag RENAME TO rag_replaced' \
  --command 'ALTER DATABASE rag_restored RENAME TO rag'
docker compose start api
