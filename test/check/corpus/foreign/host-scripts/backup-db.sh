#!/bin/bash
set -e
DATE=$(date +%Y-%m-%d)
pg_dump -h db.internal.example.com -U postgres -d app | gzip > /backup/app-latest.sql.gz
aws s3 cp /backup/app-latest.sql.gz s3://example-backups/app/$DTE.sql.gz
find /backup -type f -mtime +14 -exec rm {} \;
