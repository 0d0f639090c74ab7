"""How fast Stripe is asked: an account has 25 calls a second at an endpoint, which others need too."""

import threading
import time
from collections.abc import Callable

CALLS_A_SECOND = 15


class Pace:
    """Lets `rate` calls a second through, and as many at once."""

    def __init__(
        self,
        rate: float = CALLS_A_SECOND,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate, self._now, self._sleep = rate, now, sleep
        self._left, self._at = float(rate), now()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Returns when the next call may be made."""
        with self._lock:
            now = self._now()
            self._left = min(self._rate, self._left + (now - self._at) * self._rate)
            self._at = now
            self._left -= 1
            wait_seconds = max(0.0, -self._left / self._rate)
        if wait_seconds:
            self._sleep(wait_seconds)
