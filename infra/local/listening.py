"""The address at which a system on one machine answers."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from infra.local.home import StartError


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket on the port; 0 for any. Raises StartError when it is taken or not allowed."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise StartError(f"port {port} is taken or not allowed; choose another, such as PORT=8081") from error
        yield listener
