#!/bin/bash
DB_HOST=db.internal
DB_USER=postgres
pg_dump -h "$DB_HOST" -U "$DB_USER" app > /backups/app.sql
