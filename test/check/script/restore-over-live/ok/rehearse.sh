#!/bin/sh
gunzip -c /backups/app.sql.gz | psql app_test
