"""Waits for what will be so. The limit is for what never comes: a loaded machine does not reach it."""

import time
from collections.abc import Callable

LIMIT_SECONDS = 120.0


def wait_until(condition: Callable[[], object], what: str, *, limit_seconds: float = LIMIT_SECONDS) -> None:
    """Raises AssertionError when the condition has not come true in time."""
    give_up = time.monotonic() + limit_seconds
    while not condition():
        if time.monotonic() > give_up:
            raise AssertionError(f"waited {limit_seconds:.0f} s in vain until {what}")
        time.sleep(0.01)
