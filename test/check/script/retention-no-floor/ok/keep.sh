#!/bin/sh
[ "$(ls /backups/*.sql.gz | wc -l)" -gt 7 ] || exit 0
find /backups -name '*.sql.gz' -mtime +30 -delete
