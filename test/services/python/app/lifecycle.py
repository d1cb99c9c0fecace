"""Whether the service starts, runs or drains.

The ASGI server stops accepting at once on a signal. To be unready first, for DRAIN_DELAY, the service
takes the signal itself and hands it on to the server afterwards. This works under uvicorn and under
gunicorn's uvicorn workers, because both install their handlers before the application's lifespan begins.
"""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app import logs
from app.settings import settings


class Lifecycle:
    def __init__(self) -> None:
        self.started_at = time.monotonic()
        self.started = False
        self.draining = False
        self.in_flight = 0
        self.streams_end = asyncio.Event()  # the drain is out of time: what still streams says goodbye now

    def begin(self) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(settings.slow_start, self._mark_started)
        for number in (signal.SIGTERM, signal.SIGINT):
            stop_server = signal.getsignal(number)
            signal.signal(
                number,
                lambda received, _, stop=stop_server: loop.call_soon_threadsafe(self._drain, received, stop),
            )

    def _mark_started(self) -> None:
        self.started = True

    def _drain(self, number: int, stop_server) -> None:
        if self.draining:
            # Supervisors may say it twice; only somebody at a keyboard is in a hurry.
            if number == signal.SIGINT:
                stop_server(number, None)
            return
        self.draining = True
        logs.info("received shutdown signal", signal=signal.Signals(number).name)
        loop = asyncio.get_running_loop()
        loop.call_later(settings.drain_delay, self._stop, number, stop_server)

    def _stop(self, number: int, stop_server) -> None:
        logs.info("stopping HTTP server")
        logs.info("waiting for in-flight requests", count=self.in_flight)
        asyncio.get_running_loop().call_later(settings.shutdown_timeout, self.streams_end.set)
        stop_server(number, None)

    @contextmanager
    def request(self) -> Iterator[None]:
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1


lifecycle = Lifecycle()
