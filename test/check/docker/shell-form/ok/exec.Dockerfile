FROM python:3.12-slim
CMD exec uvicorn app:app --port $PORT
