"""What every request shares: its id, its log line, its metrics, the limit on its body.

Plain ASGI rather than a Starlette HTTP middleware, which would stand between a stream and its client leaving.
"""

import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs, metrics
from app.lifecycle import lifecycle
from app.settings import settings

# A foreign request id goes into logs and headers, so only a harmless one is taken over.
_HARMLESS = re.compile(r"[A-Za-z0-9._-]{1,128}")


class Observe:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        request = _Request(scope)
        try:
            if scope["path"] in metrics.ENDPOINTS:
                with lifecycle.request(), metrics.active.track_inprogress():
                    await self.app(scope, request.limited(receive), request.marked(send))
            else:
                await self.app(scope, request.limited(receive), request.marked(send))
        finally:
            request.record()


class _Request:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.began = time.monotonic()
        self.status = 500 if scope["type"] == "http" else 101
        given = Headers(scope=scope).get("x-request-id", "")
        self.id = given if _HARMLESS.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = self.id

    def limited(self, receive: Receive) -> Receive:
        seen = 0

        async def read() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > settings.max_request_size:
                    raise HTTPException(413, "the body is too large")
            return message

        return read

    def marked(self, send: Send) -> Send:
        async def write(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                MutableHeaders(scope=message)["x-request-id"] = self.id
                self.status = message.get("status", self.status)
            await send(message)

        return write

    def record(self) -> None:
        path, took = self.scope["path"], time.monotonic() - self.began
        if path in metrics.ENDPOINTS:
            metrics.requests.labels(path, str(self.status)).inc()
            metrics.durations.labels(path).observe(took)
        # Probes and scrapes come every few seconds; at info they would bury the rest.
        write = logs.debug if path.startswith("/health") or path == "/metrics" else logs.info
        write(
            "HTTP request completed",
            request_id=self.id,
            method=self.scope.get("method", "GET"),
            path=path,
            status=self.status,
            duration_ms=round(took * 1000),
            client_ip=self.scope["client"][0] if self.scope.get("client") else None,
        )
