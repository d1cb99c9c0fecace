#!/bin/sh
pg_dump -h db.internal -U postgres app > app.sql
psql -h db.internal -U postgres -c 'CREATE ROLE app'
