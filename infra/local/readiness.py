"""Whether the system does its work, and why not: what /health answers.

The gateway itself may answer and accept events while what stands behind it does not run. Looked at in a thread, so that
asking costs nothing and always answers at once.
"""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from optiq.kernel.clock import MINUTE_MS, Clock, system_clock
from optiq.ports.log_file import LogFile
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from infra.local.children import Child
from infra.local.mappings import Mapping
from infra.local.shard_log import ShardLog, shards_of

LATE_MS = 10 * MINUTE_MS
_LOOK_SECONDS = 2.0
_ANSWER_SECONDS = 5.0

Look = Callable[[], str]
"""Gives what is wrong, in words for a person; empty when nothing is."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Whether a child process runs."""

    name: str
    child: Child

    def __call__(self) -> str:
        return "" if self.child.runs else f"the {self.name} does not run; it is being started again"


@dataclass(frozen=True, slots=True)
class DiskHasRoom:
    """Whether anything more can be kept in a folder."""

    folder: Path
    least_bytes: int = 4_000_000

    def __call__(self) -> str:
        return "" if shutil.disk_usage(self.folder).free >= self.least_bytes else f"the disk of {self.folder} is full"


class TableAnswers:
    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._pool = PoolManager(maxsize=1, timeout=_ANSWER_SECONDS)

    def __call__(self) -> str:
        try:
            self._pool.request("GET", self._endpoint, retries=False)
        except HTTPError:
            return "the table does not answer; table.log says why"
        return ""


class EventsAreProcessed:
    """Whether consumers keep up with the log.

    Attributes:
        late_ms: how long the oldest event waited when it was last looked at.
    """

    def __init__(self, path: str, mappings: Iterable[Mapping], clock: Clock = system_clock) -> None:
        self._log = LogFile(path, synchronous="NORMAL")
        self._name = Path(path).name
        self._mappings = tuple(mappings)
        self._clock = clock
        self.late_ms = 0

    def __call__(self) -> str:
        try:
            arrived = [ms for mapping in self._mappings if (ms := self._oldest(mapping)) is not None]
        except sqlite3.Error as error:
            return f"{self._name} cannot be read ({error})"
        now_ms = self._clock()
        self.late_ms = late_ms = max(0, now_ms - min(arrived, default=now_ms))
        return f"events wait for {late_ms // MINUTE_MS} minutes to be processed" if late_ms > LATE_MS else ""

    def _oldest(self, mapping: Mapping) -> int | None:
        """When the first record came that a consumer has yet to handle."""
        shards = (ShardLog(self._log, mapping.consumer, shard, mapping.kinds) for shard in shards_of(self._log))
        return min((ms for shard in shards if (ms := shard.oldest_ms()) is not None), default=None)


class Readiness:
    """What is wrong with the system.

    Args:
        now: looks that are quick enough to be taken whenever somebody asks.
        watched: looks that may take a while, taken in a thread.
    """

    def __init__(self, now: Sequence[Look], watched: Sequence[Look]) -> None:
        self._now = now
        self._watched = watched
        self._seen: tuple[str, ...] = ()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="readiness", daemon=True)

    def __call__(self) -> list[str]:
        """The reasons why the system is not ready; none when it is."""
        return [reason for reason in (*(look() for look in self._now), *self._seen) if reason]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def _watch(self) -> None:
        while not self._stop.wait(_LOOK_SECONDS):
            self._seen = tuple(look() for look in self._watched)
