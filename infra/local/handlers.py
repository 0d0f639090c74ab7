"""Handlers by their import path, as the Lambda configuration names them."""

import importlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from optiq.kernel.measures import Measures

Handler = Callable[[Mapping[str, Any], "Context"], Any]

_IMPORTING = threading.Lock()
MEASURES = Measures()
"""What the handlers of this process cost since it was handed on last (measuring.py)."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may ask of its Lambda context."""

    function_name: str
    aws_request_id: str
    function_version: str = "$LATEST"
    memory_limit_in_mb: str = "1024"
    invoked_function_arn: str = "arn:aws:lambda:local:000000000000:function:local"

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@cache
def load(path: str) -> Handler:
    """The function of an import path such as `functions.collect.beacon.handler`.

    Raises:
        ImportError, AttributeError: there is none.
    """
    module, _, name = path.rpartition(".")
    # One import at a time: threads that import modules which import each other may see them half made.
    with _IMPORTING:
        return cast(Handler, getattr(importlib.import_module(module), name))


def noted(path: str, handler: Handler, event: Mapping[str, Any], context: Context) -> Any:
    """What a handler answers, by its import path; what it costs is noted. Raises whatever it raises."""
    began, failed = time.perf_counter(), True
    try:
        answer = handler(event, context)
        failed = isinstance(answer, Mapping) and int(answer.get("statusCode", 0)) >= 500
    finally:
        MEASURES.note(path, (time.perf_counter() - began) * 1000, failed=failed)
    return answer
