import os

workers = int(os.environ.get("GUNICORN_WORKERS", "2"))
