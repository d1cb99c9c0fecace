docker compose exec -T db pg_dump app > app.sql
pg_dump -h host.example.org app > again.sql
