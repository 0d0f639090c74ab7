"""A process that calls handlers, one at a time, at a lower priority than everything else of the system.

Its standard input gives a line of JSON for each call; to each it writes a line of JSON that says how it ended and how
long the answer is, and then the answer. It ends with its input.
"""

import ctypes
import json
import logging
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from optiq.kernel.errors import UpstreamError

from infra.local.handlers import Context, load
from infra.local.http_event import from_response
from infra.local.joining import begin, join

NICENESS = 10
SESSION_NICENESS = 5
"""A third of what another session gets, while both want the processor."""
_PR_SET_PDEATHSIG = 1
_LOG = logging.getLogger(__name__)


def main() -> None:
    begin()
    _end_with_parent()
    _yield_to_others()
    # What anything prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    join(os.environ)
    for path in sys.argv[1:]:
        load(path)
    for line in sys.stdin.buffer:
        head, body = _answer(json.loads(line))
        answers.write(json.dumps({**head, "length": len(body)}).encode() + b"\n" + body)
        answers.flush()
    os._exit(0)


def _end_with_parent() -> None:
    """The end of the input is seen only between calls; on Linux the kernel ends a process that still works."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _yield_to_others() -> None:
    """Leaves the processor to all else of the system that wants it."""
    os.nice(NICENESS)
    # Where Linux shares the processor out among sessions, niceness counts within a session only, and this process has
    # one of its own: what counts is the session's (sched(7), "The autogroup feature").
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(SESSION_NICENESS))


def _answer(asked: Mapping[str, Any]) -> tuple[dict[str, object], bytes]:
    """How the call ended, and the body of an HTTP answer or the JSON of any other."""
    try:
        answer = load(asked["handler"])(asked["event"], Context(asked["name"], asked["request_id"]))
        if not asked["http"]:
            return {}, json.dumps(answer).encode()
        response = from_response(answer)
    except Exception as error:  # noqa: BLE001 - a handler may raise anything; the process must outlive it
        # Whoever waits out an outage says so once.
        retryable = isinstance(error, UpstreamError) and error.retryable
        if not retryable:
            _LOG.exception("%s failed", asked["name"])
        # As Lambda reports it.
        stack = traceback.format_tb(error.__traceback__)
        report = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": stack}
        return {"raised": report, "retryable": retryable}, b""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers]
    return {"status": response.status, "headers": headers}, response.body


if __name__ == "__main__":
    main()
