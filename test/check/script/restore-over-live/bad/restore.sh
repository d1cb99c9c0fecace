#!/bin/sh
set -e
systemctl stop app
gunzip -c "$BACKUP_FILE" | psql -h db.internal app
systemctl start app
