"""A worker of gunicorn that serves ASGI by uvicorn, and whose stop really is the drain.

uvicorn's own uvicorn.workers is deprecated, and waits without an end for what is in flight. This one gives it as
long as gunicorn.conf.py says, goes on telling the master that it lives, and then ends what is left.
"""

import asyncio
import logging
import os
import signal
import sys

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from uvicorn import Config, Server

HEARTBEAT = 1.0
# How long a connection that waits for its next request may still bring one.
LINGER = 2.0


def new_loop():
    """The faster one, where it is among the dependencies."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


class DrainingServer(Server):
    async def shutdown(self, sockets=None):
        """uvicorn closes idle connections at once, and the request that a proxy is just sending on one is lost.

        So each answers once more, with the word that it was the last time, and only then is what still idles closed.
        """
        clock = asyncio.get_running_loop().time
        begin = clock()
        for listener in self.servers:
            listener.close()
        state, drain = self.server_state, self.config.timeout_graceful_shutdown
        state.default_headers = [*state.default_headers, (b"connection", b"close")]
        while state.connections and clock() - begin < min(LINGER, drain / 2) and not self.force_exit:
            await asyncio.sleep(0.05)
        # Part of the drain, not beside it.
        self.config.timeout_graceful_shutdown = drain - (clock() - begin)
        await super().shutdown(sockets)


class DrainingWorker(Worker):
    def init_signals(self):
        for number in self.SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        # uvicorn takes these two while it serves, and raises them once more when it has ended: by then there is
        # nothing left to stop, and the worker is to exit with 0.
        signal.signal(signal.SIGTERM, lambda *_: None)
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGUSR1, self.handle_usr1)
        signal.siginterrupt(signal.SIGUSR1, False)

    def server(self):
        """uvicorn with gunicorn's settings; logging stays gunicorn's."""
        for name, own in (("uvicorn.error", self.log.error_log), ("uvicorn.access", self.log.access_log)):
            logger = logging.getLogger(name)
            logger.handlers, logger.propagate = own.handlers, False
            logger.setLevel(own.level)
        return DrainingServer(
            Config(
                self.wsgi,
                log_config=None,
                access_log=bool(self.cfg.accesslog),
                backlog=self.cfg.backlog,
                forwarded_allow_ips=self.cfg.forwarded_allow_ips,
                limit_max_requests=self.max_requests if self.max_requests < sys.maxsize else None,
                proxy_headers=True,
                server_header=False,
                timeout_graceful_shutdown=int(os.environ["GUNICORN_DRAIN"]),
                timeout_keep_alive=self.cfg.keepalive,
            )
        )

    def run(self):
        loop = new_loop()
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(self.serve())
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    async def serve(self):
        server = self.server()
        alive = asyncio.create_task(self.stay_alive())

        def hurry():
            server.should_exit = server.force_exit = True

        asyncio.get_running_loop().add_signal_handler(signal.SIGQUIT, hurry)
        try:
            await server.serve(sockets=self.sockets)
        finally:
            alive.cancel()
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)

    async def stay_alive(self):
        """Also while it drains, which uvicorn's own callback does not."""
        while True:
            self.notify()
            await asyncio.sleep(HEARTBEAT)
