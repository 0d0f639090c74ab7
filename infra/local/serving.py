"""The gateway behind uvicorn, until a signal ends it."""

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn

from infra.local.home import Home
from infra.local.readiness import Readiness


class _Server(uvicorn.Server):
    """Leaves signals to us, and says when it answers."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()


def run_gateway(
    home: Home,
    listener: socket.socket,
    readiness: Readiness,
    late_ms: Callable[[], int],
    on_ready: Callable[[], None],
) -> None:
    """Answers on the listener until SIGINT or SIGTERM; calls `on_ready` in a thread of its own once it does."""
    from infra.local.connections import Guard, GuardedProtocol, Limits, raise_file_limit
    from infra.local.gateway import Gateway
    from infra.local.measuring import hand_on_measures
    from infra.routes import routes

    gateway = Gateway(routes(), home.path, readiness=readiness, late_ms=late_ms)
    guard = Guard(Limits(connections=raise_file_limit()))
    # It would write a line for whatever anybody sends that is no HTTP.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    config = uvicorn.Config(
        gateway,
        loop="uvloop",
        http=partial(GuardedProtocol, guard),  # type: ignore[arg-type]
        # Whose word counts is decided where events are made (infra/local/origin.py).
        proxy_headers=False,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config, threading.Thread(target=on_ready, daemon=True).start)

    def end(*_: object) -> None:
        server.should_exit = True

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        readiness.start()
        ended = threading.Event()
        threading.Thread(target=hand_on_measures, args=("gateway", ended), daemon=True).start()
        runner.run(server.serve(sockets=[listener]))
    ended.set()
    readiness.stop()
    gateway.close()
