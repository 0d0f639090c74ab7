"""Handlers by their import path, as the Lambda configuration names them."""

import importlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

Handler = Callable[[Mapping[str, Any], "Context"], Any]

_IMPORTING = threading.Lock()


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
