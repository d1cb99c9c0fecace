"""`python -m app.worker`: takes items from a queue, one at a time, until a signal drains it. It has no port."""

import itertools
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from app import logs
from app.settings import settings


class Stop:
    """Set by a signal; waiting for it is how the worker sleeps."""

    def __init__(self) -> None:
        self.event = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _: object) -> None:
        self.signal = signal.Signals(number).name
        self.event.set()


class Item:
    """Renaming its file claims an item, so several workers may share a directory."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        self._claimed = path.rename(path.with_suffix(".json.claimed"))

    def done(self) -> None:
        self._claimed.unlink()

    def give_back(self) -> None:
        self._claimed.rename(self._path)


class Tick:
    """Work that the worker makes for itself when it has no queue."""

    def __init__(self, number: int) -> None:
        self.name = f"tick-{number}"

    def done(self) -> None:
        pass

    def give_back(self) -> None:
        pass


def take_all(directory: str) -> Iterator[Item | Tick | None]:
    """Endless; None where there is nothing to do now."""
    if not directory:
        for number in itertools.count(1):
            yield Tick(number)
            yield None
    while True:
        for path in sorted(Path(directory).glob("*.json")):
            try:
                yield Item(path)
            except FileNotFoundError:
                continue  # another worker was faster
        yield None


def process(item: Item | Tick, stop: Stop) -> bool:
    """Works on one item to its end. A signal sets it a deadline; past that the item goes back into the queue."""
    ends = time.monotonic() + settings.item_duration
    if stop.event.wait(settings.item_duration):
        logs.info("received shutdown signal", signal=stop.signal, item=item.name)
        left = max(0.0, ends - time.monotonic())
        time.sleep(min(left, settings.shutdown_timeout))
        if left > settings.shutdown_timeout:
            item.give_back()
            logs.info("item returned to the queue", item=item.name)
            return False
    item.done()
    logs.info("item processed", item=item.name)
    return True


def main() -> int:
    if settings.fail_start:
        logs.error("worker failed", error="FAIL_START is set")
        return 1
    stop = Stop()
    logs.info("worker started", queue=settings.queue_dir)
    processed = 0
    for item in take_all(settings.queue_dir):
        if item is None:
            stop.event.wait(settings.poll_interval)
        elif process(item, stop):
            processed += 1
        if stop.event.is_set():
            break
    logs.info("shutdown complete", signal=stop.signal, processed=processed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
