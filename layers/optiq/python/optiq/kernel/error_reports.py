"""Reports our own errors as clients of Sentry do, to the address (DSN) that OPTIQ_ERRORS names.

Nothing is imported or sent before an error is there. A report holds where the error happened, and no values. A report
that is lost must not cost an answer, so failures to send are silent; and only so many are sent that one error, or an
Optiq that cannot take reports in, does no harm.
"""

import json
import logging
import os
import sys
import time
import traceback
import uuid
from collections.abc import Mapping
from contextlib import suppress
from queue import Full, Queue
from threading import Lock, Thread
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from optiq.kernel.limits import Buckets, Limit

VARIABLE = "OPTIQ_ERRORS"
_SECONDS = 2
_WAITING = 100
_RATE, _BURST = 1.0, 30
"""Reports of a process: a second, and at once."""
_OTHERS = ("site-packages", "dist-packages", "/lib/python", "/var/runtime/")
_ROOTS = ("/optiq/", "/functions/", "/infra/")


class ErrorReports(logging.Handler):
    """Reports what is logged with an exception.

    Args:
        waits: sends before it returns, as where a process stands still between two calls.
    """

    def __init__(self, *, waits: bool) -> None:
        super().__init__(logging.ERROR)
        self._waits = waits
        self._queue: Queue[tuple[str, bytes]] = Queue(_WAITING)
        self._limit = Limit(Buckets(_RATE, _BURST))
        self._guard = Lock()
        self._sends = False

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and (error := record.exc_info[1]) is not None:
            self.report(error, {"logger": record.name, "said": record.getMessage()})

    def report(self, error: BaseException, tags: Mapping[str, str]) -> None:
        """Reports an error where an address is set, unless there were too many."""
        address = os.environ.get(VARIABLE, "")
        if not address or self._limit.take(""):
            return
        body = envelope_of(error, tags)
        if self._waits:
            _send(address, body)
            return
        self._begin_sending()
        with suppress(Full):
            self._queue.put_nowait((address, body))

    def _begin_sending(self) -> None:
        with self._guard:
            if not self._sends:
                self._sends = True
                Thread(target=self._send_all, name="error-reports", daemon=True).start()

    def _send_all(self) -> None:
        while True:
            _send(*self._queue.get())


def envelope_of(error: BaseException, tags: Mapping[str, str]) -> bytes:
    """The envelope that reports an exception (develop.sentry.dev/sdk/foundations/transport/envelopes)."""
    exception = {
        "type": type(error).__name__,
        "value": str(error),
        "stacktrace": {"frames": _frames(error.__traceback__)},
    }
    event = {
        "event_id": uuid.uuid4().hex,
        "timestamp": time.time(),
        "platform": "python",
        "level": "error",
        "exception": {"values": [exception]},
        "tags": dict(tags),
        "contexts": {"runtime": {"name": f"Python {sys.version_info.major}.{sys.version_info.minor}"}},
    }
    return b"\n".join((b"{}", b'{"type":"event"}', json.dumps(event).encode()))


def _frames(raised: TracebackType | None) -> list[dict[str, Any]]:
    return [
        {
            "filename": _short(frame.filename),
            "function": frame.name,
            "lineno": frame.lineno,
            "in_app": not any(part in frame.filename for part in _OTHERS),
            "context_line": frame.line,
        }
        for frame in traceback.extract_tb(raised)
    ]


def _short(path: str) -> str:
    """A path without what differs between machines."""
    for root in _ROOTS:
        before, found, rest = path.rpartition(root)
        if found and before:
            return f"{root[1:]}{rest}"
    return path


def _send(address: str, body: bytes) -> None:
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    parts = urlsplit(address)
    path, _, project = parts.path.rpartition("/")
    headers = {
        "content-type": "application/x-sentry-envelope",
        "x-sentry-auth": f"Sentry sentry_key={parts.username}, sentry_version=7, sentry_client=optiq/1",
    }
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with suppress(OSError, HTTPException, ValueError):
        connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
        try:
            connection.request("POST", f"{path}/api/{project}/envelope/", body, headers)
            connection.getresponse().read()
        finally:
            connection.close()
