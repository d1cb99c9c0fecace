pg_dump -h db.internal -U backup app > app.sql
pg_dump -h "$OTHER" -U backup "$NAME" > other.sql
pg_dump -h localhost app > local.sql
psql -h reporting.internal -c 'SELECT 1' stats
gunzip -c backup.sql.gz | psql -h db.internal app_rehearsal
