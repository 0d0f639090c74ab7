"""A small HTTP load generator: a few keep-alive connections to 127.0.0.1, a bounded number of requests."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

CONNECTIONS = 4


def send(
    port: int, path: str, bodies: Sequence[bytes], headers: Mapping[str, str], connections: int = CONNECTIONS
) -> float:
    """Posts every body once, spread over the connections; gives the seconds it took.

    Raises:
        RuntimeError: an answer was not a success.
    """
    shares = [bodies[start::CONNECTIONS] for start in range(CONNECTIONS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda share: _send_share(port, path, share, headers), shares))
    return time.perf_counter() - started


def _send_share(port: int, path: str, bodies: Sequence[bytes], headers: Mapping[str, str]) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        for body in bodies:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            said = answer.read()
            if answer.status >= 300:
                raise RuntimeError(f"POST {path} answered {answer.status}: {said[:300]!r}")
    finally:
        connection.close()
