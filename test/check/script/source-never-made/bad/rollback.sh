#!/bin/sh
set -e
systemctl stop app
cp /opt/app/bin/server.bak /opt/app/bin/server
gunzip -c /backups/app_latest.sql.gz | psql app
systemctl start app
