DB_HOST=db-1.internal
pg_dump -h "$DB_HOST" -U backup app > app.sql
pg_dump -h db-2.internal -U backup -d agents > agents.sql
