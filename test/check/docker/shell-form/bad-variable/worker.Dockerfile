FROM python:3.12-slim
CMD ["sh", "-c", "alembic upgrade head && celery -A app worker"]
