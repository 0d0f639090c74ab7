"""Which shards of a consumer have something to read, whose turn it is, and where the turn is taken.

Organizations have shards of their own (ports/log_file.py), so turns are shared out among organizations. The shard that
is due for longest comes first. Whoever asks for shards with little to read is never kept by those with much. Where
several organizations send, those that send much have their batches handled apart from the others' (batch_processes.py).
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from optiq.kernel.limits import Buckets
from optiq.ports.log_file import SHARDS, LogFile

from infra.local.mappings import Mapping
from infra.local.shard_log import shards_of

LITTLE = 100
"""Records. They take a tenth of a second or so."""
_QUIET_PER_SECOND = 100
"""Records. An organization that has sent more in the long run, or this many at once, is loud."""
_LOOK_SECONDS = 0.02
_LONGEST_WAIT_SECONDS = 1.0
"""By then a loud organization may be a quiet one, which nobody tells."""


class Reader(Protocol):
    """One consumer's reading of one shard."""

    @property
    def shard(self) -> int: ...

    @property
    def in_batch(self) -> bool:
        """Whether a batch was begun and is not done with."""
        ...

    def left(self, most: int) -> int:
        """How many records come next, counted up to `most`. Raises sqlite3.Error."""
        ...


R = TypeVar("R", bound=Reader)


@dataclass(frozen=True, slots=True)
class Turn(Generic[R]):
    """A shard's turn: at most so many records, handled apart from those of quiet organizations or not."""

    reader: R
    most: int
    apart: bool


@dataclass(slots=True)
class _Waiting(Generic[R]):
    """A shard that waits for its turn: from `ready` on when there is a whole batch, else from `due` on."""

    reader: R
    ready: float
    due: float
    left: int


class WaitingShards(Generic[R]):
    """Threads share it; each shard is handed to one of them at a time.

    Args:
        make: a reader for a shard, kept for as long as there is something to read.
        clock: seconds that only grow.
    """

    def __init__(
        self, log: LogFile, mapping: Mapping, make: Callable[[int], R], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log = log
        self._mapping = mapping
        self._make = make
        self._clock = clock
        self._guard = threading.Condition(threading.Lock())
        self._news = 0
        self._waiting: dict[int, _Waiting[R]] = {}
        self._taken: set[int] = set()
        self._seen: int | None = None
        self._looked = -_LOOK_SECONDS
        self._grown = False
        self._senders: set[int] = set()
        self._sent = Buckets(_QUIET_PER_SECOND, _QUIET_PER_SECOND, clock)

    def take(self, *, little: bool = False) -> Turn[R] | None:
        """The turn of the shard that is due for longest; None when none is due.

        Its reader is to be given back. With `little`, only turns with little to read that are not taken apart.
        Raises sqlite3.Error.
        """
        with self._guard:
            now = self._clock()
            if self._seen is None or self._grown or now - self._looked >= _LOOK_SECONDS:
                self._looked, self._grown = now, False
                self._look(now)
            due = [waiting for waiting in self._open_to(little) if waiting.due <= now]
            if not due:
                return None
            first = min(due, key=lambda waiting: waiting.due)
            del self._waiting[first.reader.shard]
            self._taken.add(first.reader.shard)
            apart = self._is_apart(first)
            beside_others = little or (self.is_shared and not apart)
            most = min(LITTLE, self._mapping.batch_size) if beside_others else self._mapping.batch_size
            return Turn(first.reader, most, apart)

    @property
    def news(self) -> int:
        """Grows with whatever may give a turn to who found none."""
        return self._news

    def tell(self, *, grown: bool = False) -> None:
        """Wakes who waits. `grown`: the log has more records."""
        with self._guard:
            self._grown |= grown
            self._wake()

    def wait(self, news: int, *, little: bool = False) -> None:
        """Returns when there may be a turn to take: `news` is what it was before none was found."""
        with self._guard:
            now = self._clock()
            due = min((waiting.due - now for waiting in self._open_to(little)), default=_LONGEST_WAIT_SECONDS)
            seconds = min(max(due, _LOOK_SECONDS), _LONGEST_WAIT_SECONDS)
            self._guard.wait_for(lambda: self._news != news, seconds)

    def _wake(self) -> None:
        self._news += 1
        self._guard.notify_all()

    def _open_to(self, little: bool) -> list[_Waiting[R]]:
        """What waits; with `little`, of it what has little to read and is not taken apart."""
        everything = list(self._waiting.values())
        if not little:
            return everything
        return [waiting for waiting in everything if waiting.left <= LITTLE and not self._is_apart(waiting)]

    @property
    def is_shared(self) -> bool:
        """Whether several organizations, or one and strangers, have sent what the log has."""
        return len(self._senders) > 1

    def _is_apart(self, waiting: _Waiting[R]) -> bool:
        is_loud = self._sent.level(str(waiting.reader.shard // SHARDS)) < 0
        return self.is_shared and (is_loud or waiting.left > LITTLE)

    def give_back(self, reader: R, wait_seconds: float) -> None:
        """Ends a turn; if there is more to read, the next comes after the wait at the earliest."""
        with self._guard:
            # Looked up while nobody else looks, so that what is appended now is seen here or by the next look.
            self._taken.discard(reader.shard)
            try:
                left = reader.left(self._mapping.batch_size)
            except sqlite3.Error:
                left = 1
            if left:
                self._put(reader, self._clock() + wait_seconds, left)
                self._wake()

    def _look(self, now: float) -> None:
        connection = self._log.connection()
        end = self._log.newest()
        if self._seen is None:
            for shard in shards_of(self._log):
                self._senders.add(shard // SHARDS)
                reader = self._make(shard)
                if left := reader.left(self._mapping.batch_size):
                    self._put(reader, now, left)
        elif end > self._seen:
            rows = connection.execute(
                "SELECT shard, count(*) FROM records WHERE sequence > ? AND sequence <= ? GROUP BY shard",
                (self._seen, end),
            )
            for shard, count in rows.fetchall():
                sender = shard // SHARDS
                self._senders.add(sender)
                self._sent.take(str(sender), self._sent.level(str(sender)), count)
                self._more(shard, count, now)
        self._seen = end

    def _more(self, shard: int, count: int, now: float) -> None:
        if shard in self._taken:
            return
        if (waiting := self._waiting.get(shard)) is None:
            self._put(self._make(shard), now, count)
        else:
            self._put(waiting.reader, waiting.ready, waiting.left + count)

    def _put(self, reader: R, ready: float, left: int) -> None:
        """Lets a shard wait for its turn."""
        gathers = left < self._mapping.batch_size and not reader.in_batch
        window_seconds = self._mapping.batching_window_seconds if gathers else 0.0
        self._waiting[reader.shard] = _Waiting(reader, ready, ready + window_seconds, left)
