"""Handlers that test_batch_processes calls in other processes, by their import path."""

import os
import signal
from pathlib import Path
from typing import Any, Never

from optiq.kernel.errors import UpstreamError

from infra.local.handler_process import SESSION_NICENESS


def names(event: Any, context: Any) -> dict[str, Any]:
    return {"names": [record["name"] for record in event["Records"]], "consumer": context.function_name}


def nothing(event: Any, context: Any) -> None:
    return None


def niceness(event: Any, context: Any) -> str:
    """Of the process, and of its session where Linux shares the processor out among sessions."""
    session = Path("/proc/self/autogroup")
    return f"{os.nice(0)} {session.read_text().split()[-1] if session.exists() else SESSION_NICENESS}"


def fail(event: Any, context: Any) -> Never:
    raise ValueError("cannot digest this")


def wait_for_the_table(event: Any, context: Any) -> Never:
    raise UpstreamError("the table does not answer", retryable=True)


def fail_for_good(event: Any, context: Any) -> Never:
    raise UpstreamError("no such table", retryable=False)


def vanish(event: Any, context: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
