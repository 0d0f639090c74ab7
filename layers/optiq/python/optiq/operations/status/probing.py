"""Asks the API as its users do: over HTTP, at the address that they know."""

import logging
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from optiq.kernel.settings import settings

Ask = Callable[[str, str, bytes], int]
_LOG = logging.getLogger(__name__)
_SECONDS = 5


def status_of(method: str, path: str, body: bytes = b"") -> int:
    """The status of the answer; 0 where there is none within five seconds."""
    parts = urlsplit(settings().public_url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
        try:
            connection.request(method, path, body or None, {"user-agent": "Optiq"})
            return connection.getresponse().status
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError) as error:
        _LOG.warning("the status page's look at %s%s was not answered: %s", settings().public_url, path, error)
        return 0
