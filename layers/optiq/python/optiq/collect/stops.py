"""Whose events are refused: by a copy of one object, which is read again now and then, on the way of a request.

What cannot be read leaves the last copy as it is. A copy older than an hour counts no more: then nobody is refused.
Where nobody pays there is no such object, and nothing is read.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import lru_cache

from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import PlanLimitError, UpstreamError
from optiq.kernel.settings import settings
from optiq.ports import wiring
from optiq.ports.edge_limits import EdgeLimits

_LOG = logging.getLogger(__name__)
_LONGEST_SECONDS = 3_600
_MESSAGE = (
    "the plan of this organization has no room for more events, and nothing of this request was kept: "
    "its owners can choose a larger plan in the console, under Plan and invoices"
)


class Stops:
    """Whom this process refuses; threads may share it.

    Args:
        limits: the object; None where there is none.
        seconds: only grow.
    """

    def __init__(
        self,
        limits: EdgeLimits | None,
        seconds: Callable[[], float] = time.monotonic,
        clock: Clock = system_clock,
    ) -> None:
        self._limits, self._seconds, self._clock = limits, seconds, clock
        self._until: Mapping[str, int] = {}
        self._tag = ""
        self._asked, self._read = float("-inf"), float("-inf")
        self._reading = threading.Lock()

    def require_open(self, organization_id: str) -> None:
        """Raises PlanLimitError for an organization that is refused."""
        if self._limits is None:
            return
        now = self._seconds()
        # One reads; the others go by the copy that they have.
        if now - self._asked >= self._limits.poll_seconds and self._reading.acquire(blocking=False):
            try:
                self._asked = now
                self._refresh(self._limits)
            finally:
                self._reading.release()
        if now - self._read <= _LONGEST_SECONDS and self._until.get(organization_id, 0) > self._clock():
            raise PlanLimitError(_MESSAGE)

    def _refresh(self, limits: EdgeLimits) -> None:
        try:
            found = limits.read(self._tag)
            if found is not None:
                content, tag = found
                self._until = {
                    str(name): int(end_ms) for name, end_ms in json.loads(content or b"{}").get("stop", {}).items()
                }
                self._tag = tag
            self._read = self._seconds()
        except (UpstreamError, ValueError, AttributeError, TypeError):
            _LOG.warning("the edge's limits cannot be read", exc_info=True)


@lru_cache(maxsize=1)
def stops() -> Stops:
    """Those of this process. On one machine without an account at Stripe there are none."""
    found = settings()
    sold = found.limits and (found.substrate == "aws" or found.stripe)
    return Stops(wiring.edge_limits() if sold else None)
