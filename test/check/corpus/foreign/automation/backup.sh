#!/bin/sh
# nightly, from root's crontab
BACKUP_DIR=/var/backups/automation
docker exec automation-postgres-1 pg_dump -U postgres automation | gzip > $BACKUP_DIR/automation_$(date +%Y%m%d).sql.gz
if [ $? -ne 0 ]; then
  echo "backup failed" | mail -s "backup" ops@example.com
fi
find $BACKUP_DIR -name "*.sql.gz" -mtime +7 -delete
