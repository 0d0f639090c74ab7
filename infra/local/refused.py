"""Who sends large requests that are refused waits before another is read: reading them costs everybody."""

import math

from optiq.kernel.errors import LimitExceededError
from optiq.kernel.limits import Buckets

_BYTES_PER_SECOND = 128 * 1024
_BURST_BYTES = 2 * 1024 * 1024


class RefusedBytes:
    """How many bytes of each sender were refused lately. For one event loop.

    Args:
        buckets: what each may waste.
    """

    def __init__(self, buckets: Buckets | None = None) -> None:
        self._buckets = Buckets(_BYTES_PER_SECOND, _BURST_BYTES) if buckets is None else buckets

    def check(self, sender: str) -> None:
        """Raises LimitExceededError while so much of the sender was refused that it has to wait."""
        seconds = self._buckets.wait_seconds(self._buckets.level(sender), 1)
        if seconds:
            raise LimitExceededError(
                "many large requests of yours were refused: wait, and mend what their answers name",
                retry_after_seconds=math.ceil(seconds),
            )

    def note(self, sender: str, status: int, size: int) -> None:
        """Counts a request that was answered."""
        if 400 <= status < 500:
            self._buckets.take(sender, self._buckets.level(sender), size)
