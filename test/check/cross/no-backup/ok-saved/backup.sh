docker compose exec -T db pg_dump app > app.sql
