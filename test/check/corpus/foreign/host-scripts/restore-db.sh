#!/bin/bash
# usage: restore-db.sh <dump.sql.gz>
set -euo pipefail
systemctl stop app
gunzip -c "$1" | psql -h db.internal.example.com -U postgres app
systemctl start app
