"""The ai_* family. With PROMETHEUS_MULTIPROC_DIR set, one scrape covers all of gunicorn's workers."""

import os

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    multiprocess,
)

disable_created_metrics()

ENDPOINTS = ("/api/chat", "/api/chat/stream", "/ws")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)

requests = Counter("ai_requests_total", "Requests by endpoint and status.", ["endpoint", "status"])
durations = Histogram(
    "ai_request_duration_seconds", "Time from the request to its last byte.", ["endpoint"], buckets=_BUCKETS
)
tokens = Counter("ai_tokens_total", "Tokens by direction.", ["direction"])
active = Gauge("ai_active_requests", "Requests in flight.", multiprocess_mode="livesum")
errors = Counter("ai_errors_total", "Errors by type.", ["type"])
disconnects = Counter("ai_stream_disconnects_total", "Streams whose client left before the end.")

# The series a dashboard asks for are there from the start, so that a rate is 0 and not absent.
for _endpoint in ENDPOINTS:
    requests.labels(_endpoint, "200")
    durations.labels(_endpoint)
for _direction in ("input", "output"):
    tokens.labels(_direction)
for _type in ("bad_request", "internal", "llm", "timeout", "too_large"):
    errors.labels(_type)


def registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    combined = CollectorRegistry()
    multiprocess.MultiProcessCollector(combined)
    return combined
