#!/bin/sh
find /var/log/app -name '*.gz' -mtime +30 -delete
find /backups -name '*.log' -mtime +30 -delete
find /backups -mtime +30 -print
