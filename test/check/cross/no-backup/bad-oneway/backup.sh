#!/usr/bin/env bash
set -euo pipefail
pg_dump -h db.internal app > "/backups/app_$(date +%s).sql"
