"""Every setting, read from the environment once; a bad one refuses to start."""

import os
import re
from dataclasses import dataclass

_UNIT_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h))+")


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name) or default


def _number(name: str, default: int) -> int:
    return int(_text(name, str(default)))


def _flag(name: str) -> bool:
    return _text(name, "0").lower() in {"1", "true"}


def _duration(name: str, default: str) -> float:
    """Seconds of a duration with units: 500ms, 30s, 1h30m."""
    raw = _text(name, default)
    if raw != "0" and not _DURATION.fullmatch(raw):
        raise ValueError(f"{name}: {raw!r} is not a duration such as 500ms, 30s or 1h30m")
    parts = re.findall(r"([\d.]+)(ms|s|m|h)", raw)
    return sum(float(amount) * _UNIT_SECONDS[unit] for amount, unit in parts)


@dataclass(frozen=True)
class Settings:
    service: str = _text("SERVICE_NAME", "chatbot")
    host: str = _text("HOST", "0.0.0.0")
    port: int = _number("PORT", 8001)
    metrics_port: int = _number("METRICS_PORT", port)  # equal to port: beside the API
    log_level: str = _text("LOG_LEVEL", "info").upper()

    version: str = _text("APP_VERSION", "dev")
    commit: str = _text("APP_COMMIT", "unknown")
    build_time: str = _text("APP_BUILD_TIME", "unknown")

    request_timeout: float = _duration("REQUEST_TIMEOUT", "60s")
    llm_timeout: float = _duration("LLM_TIMEOUT", "45s")
    stream_idle_timeout: float = _duration("STREAM_IDLE_TIMEOUT", "60s")
    stream_max_duration: float = _duration("STREAM_MAX_DURATION", "5m")
    heartbeat: float = _duration("HEARTBEAT", "15s")
    keepalive_timeout: float = _duration("KEEPALIVE_TIMEOUT", "90s")
    drain_delay: float = _duration("DRAIN_DELAY", "0s")
    shutdown_timeout: float = _duration("SHUTDOWN_TIMEOUT", "30s")
    max_request_size: int = _number("MAX_REQUEST_SIZE", 1024 * 1024)

    llm_base_url: str = _text("LLM_BASE_URL").rstrip("/")  # empty: the built-in echo model
    llm_model: str = _text("LLM_MODEL", "echo-1")
    llm_api_key: str = _text("LLM_API_KEY")

    queue_dir: str = _text("QUEUE_DIR")  # of the worker; empty: it makes its own work
    poll_interval: float = _duration("POLL_INTERVAL", "1s")
    item_duration: float = _duration("ITEM_DURATION", "100ms")
    job_message: str = _text("JOB_MESSAGE", "Summarise yesterday")

    # Switches that let a deployment test meet a broken release.
    fail_start: bool = _flag("FAIL_START")
    never_ready: bool = _flag("NEVER_READY")
    fail_chat: bool = _flag("FAIL_CHAT")
    slow_start: float = _duration("SLOW_START", "0s")


settings = Settings()
