FROM python:3.12-slim
CMD ["sh", "-c", "alembic upgrade head && exec celery -A app worker"]
