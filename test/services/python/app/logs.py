"""One JSON object a line on standard output, from the service and from its server alike."""

import json
import logging
import sys
from datetime import UTC, datetime

from app.settings import settings


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "msg": record.getMessage(),
            "service": settings.service,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["stack"] = self.formatException(record.exc_info)
        return json.dumps(entry)


def _configure() -> logging.Logger:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in ("uvicorn", "uvicorn.error"):
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # the middleware logs each request, with its id
    logger = logging.getLogger("app")
    logger.setLevel(settings.log_level)
    return logger


_logger = _configure()


def debug(message: str, /, **fields: object) -> None:
    _logger.debug(message, extra={"fields": fields})


def info(message: str, /, **fields: object) -> None:
    _logger.info(message, extra={"fields": fields})


def error(message: str, /, **fields: object) -> None:
    _logger.error(message, extra={"fields": fields})
