pg_dump -h prod-db.internal app > app.sql
