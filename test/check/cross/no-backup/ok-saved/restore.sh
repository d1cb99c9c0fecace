docker compose exec -T db psql app < backup.sql
