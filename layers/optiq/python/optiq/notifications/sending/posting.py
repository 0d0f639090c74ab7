"""A POST to an address that a customer named. It connects to the address that was checked, and follows nothing."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from optiq.notifications.sending.addresses import Target

TIMEOUT_SECONDS = 15
_CONNECT_SECONDS = 5
_MOST_BYTES = 4_096
"""Of an answer, which is shown to the customer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said. `status` is 0 when it said nothing; `text` is the beginning of the answer, or what went
    wrong."""

    status: int
    text: str
    retry_after: str = ""


def post(target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Sends once. Raises nothing: what went wrong is in the answer."""
    timeout = Timeout(total=TIMEOUT_SECONDS, connect=_CONNECT_SECONDS)
    host = target.host if target.port in (80, 443) else f"{target.host}:{target.port}"
    sent = {"host": host, "user-agent": "Optiq", "content-type": "application/json", **headers}
    with _pool(target, timeout) as pool:
        try:
            answer = pool.urlopen(
                "POST",
                target.path,
                body=body,
                headers=sent,
                retries=False,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                text = answer.read(_MOST_BYTES, decode_content=False).decode("utf-8", "replace")
            finally:
                answer.close()
        except (HTTPError, OSError) as error:
            return Answer(0, f"no answer ({type(error).__name__})")
    return Answer(answer.status, text, answer.headers.get("retry-after", ""))


def _pool(target: Target, timeout: Timeout) -> HTTPConnectionPool:
    address = str(target.address)
    if target.scheme == "http":
        return HTTPConnectionPool(address, target.port, timeout=timeout, maxsize=1)
    return HTTPSConnectionPool(
        address,
        target.port,
        timeout=timeout,
        maxsize=1,
        assert_hostname=target.host,
        server_hostname=target.host,
        ssl_context=ssl.create_default_context(),
    )
