"""The address at which a system on one machine answers, and the one at which people reach it."""

import os
import re
import socket
from collections.abc import Iterator, Mapping
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


def public_url(port: int, environment: Mapping[str, str] = os.environ) -> str:
    """Where people reach a system: what OPTIQ_PUBLIC_URL says, such as that of a proxy, or this machine's port.

    Raises:
        StartError: the variable holds something other than the address of a host.
    """
    named = environment.get("OPTIQ_PUBLIC_URL", "").rstrip("/")
    if named and not re.fullmatch(r"https?://[^/?#@\s]+", named):
        raise StartError("OPTIQ_PUBLIC_URL: must be an address without a path, such as https://optiq.example.com")
    return named or f"http://localhost:{port}"
