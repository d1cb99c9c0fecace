#!/bin/sh
cp -a /opt/app/previous/server /opt/app/current/server
[ -f /opt/app/config.bak ] && cp /opt/app/config.bak /opt/app/config
psql -f "$BACKUP_FILE" app
cp nginx.conf /etc/nginx/nginx.conf
