pg_dump -h app.abc.eu-west-1.rds.amazonaws.com app > app.sql
