"""Turns at a scarce place: parties wait in queues of their own, which are served one after the other."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from optiq.kernel.errors import LimitExceededError

_RETRY_SECONDS = 2


class Turns:
    """For one event loop.

    Args:
        places: how many may be inside at once.
        each: how many of one party may be inside at once; fewer than `places`, so that another finds one free.
        waiting: how many of one party may wait; more are refused.
    """

    def __init__(self, places: int, each: int, waiting: int) -> None:
        self._free = places
        self._each = each
        self._waiting = waiting
        self._inside: dict[str, int] = {}
        self._queues: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def of(self, party: str) -> AsyncIterator[None]:
        """Waits for a turn and holds it. Raises LimitExceededError when too many of the party wait already."""
        if self._free and self._may_enter(party) and party not in self._queues:
            self._enter(party)
        else:
            await self._wait(party)
        try:
            yield
        finally:
            self._leave(party)

    async def _wait(self, party: str) -> None:
        queue = self._queues.setdefault(party, deque())
        if len(queue) >= self._waiting:
            raise LimitExceededError(
                f"{self._each} of your requests run and {self._waiting} wait: send fewer at once",
                retry_after_seconds=_RETRY_SECONDS,
            )
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._leave(party)
            elif turn in queue:
                queue.remove(turn)
            raise

    def _leave(self, party: str) -> None:
        self._free += 1
        self._inside[party] -= 1
        if not self._inside[party]:
            del self._inside[party]
        self._admit()

    def _admit(self) -> None:
        """Gives free places to who waits, a party after the other."""
        for party in list(self._queues):
            if not self._free:
                return
            queue = self._queues[party]
            while queue and queue[0].done():
                queue.popleft()  # its request was given up a moment ago
            if queue and self._may_enter(party):
                # Behind the others for its next turn.
                self._queues[party] = self._queues.pop(party)
                self._enter(party)
                queue.popleft().set_result(None)
            if not queue:
                del self._queues[party]

    def _may_enter(self, party: str) -> bool:
        return self._inside.get(party, 0) < self._each

    def _enter(self, party: str) -> None:
        self._free -= 1
        self._inside[party] = self._inside.get(party, 0) + 1
