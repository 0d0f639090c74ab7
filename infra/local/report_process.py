"""A process that answers heavy requests, one at a time, at a lower priority than everything else of the system.

Its standard input gives a line of JSON for each request; to each it writes a line of JSON with the status, the headers
and the length of the body, and then the body. It ends with its input.
"""

import ctypes
import json
import logging
import os
import signal
import sys
from typing import BinaryIO

from infra.local.handlers import Context, load
from infra.local.http_event import HttpAnswer, from_response
from infra.local.joining import LOG_FORMAT, join

NICENESS = 10
_PR_SET_PDEATHSIG = 1
_LOG = logging.getLogger(__name__)
_FAILED = HttpAnswer(500, [(b"content-type", b"application/problem+json")], b'{"title":"Internal error","status":500}')


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
    _end_with_parent()
    os.nice(NICENESS)
    # What anything prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    join(os.environ)
    for path in sys.argv[1:]:
        load(path)
    for line in sys.stdin.buffer:
        _write(answers, _answer(line))
    os._exit(0)


def _end_with_parent() -> None:
    """The end of the input is seen only between requests; on Linux the kernel ends a process that still works."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _answer(line: bytes) -> HttpAnswer:
    asked = json.loads(line)
    try:
        context = Context(asked["handler"], asked["event"]["requestContext"]["requestId"])
        return from_response(load(asked["handler"])(asked["event"], context))
    except Exception:  # noqa: BLE001 - a handler may raise anything; the process must outlive it
        _LOG.exception("%s failed", asked["event"]["routeKey"])
        return _FAILED


def _write(answers: BinaryIO, answer: HttpAnswer) -> None:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
    head = {"status": answer.status, "headers": headers, "length": len(answer.body)}
    answers.write(json.dumps(head).encode() + b"\n" + answer.body)
    answers.flush()


if __name__ == "__main__":
    main()
