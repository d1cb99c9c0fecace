"""`python -m app`: one uvicorn process with the settings of the environment."""

import math
import signal

import uvicorn

from app.main import app
from app.settings import settings

# After a drain uvicorn raises the signal again for whoever had a handler before it. Nobody has: exit 0.
signal.signal(signal.SIGTERM, signal.SIG_IGN)

uvicorn.run(
    app,
    host=settings.host,
    port=settings.port,
    timeout_keep_alive=math.ceil(settings.keepalive_timeout),
    # A little longer than the drain, so that what still streams then has time for its last event.
    timeout_graceful_shutdown=math.ceil(settings.shutdown_timeout) + 2,
    log_config=None,
    server_header=False,
)
