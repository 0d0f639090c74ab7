"""The event source mappings, run over the embedded log with the contract of Lambda and Kinesis.

A consumer handles the batches of each shard in order, one at a time; a failure holds up only its shard. Shards take
turns (waiting_shards.py): as many threads as an organization has shards serve all, and one more serves shards with
little to read, so that no organization can hold all threads. What loud organizations send is handled in processes of
its own (batch_processes.py), so that none of it holds the interpreter that others' events need. Checkpoints are
durable, so a record is handed over at least once, whatever is killed when.
"""

import logging
import sqlite3
import sys
import threading
from collections.abc import Iterable

from optiq.ports.log_file import SHARDS, LogFile

from infra.local.mappings import Mapping
from infra.local.shard_log import ShardLog, shards_of
from infra.local.shard_reader import Backoff, Invoke, ShardReader
from infra.local.waiting_shards import WaitingShards

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.02
_SHARED_SWITCH_SECONDS, _SWITCH_SECONDS = 0.0005, 0.005
"""How long a thread may hold the interpreter, where several organizations send and otherwise. A quiet organization's
event takes it some twenty times, each time behind the threads that are busy with others'. Switching costs a tenth."""


class Pump:
    """Every consumer's reading of all shards, by a few threads that take turns.

    Args:
        switches: whether its threads say how often the process's threads take turns; one pump of a process does.
        apart: calls the functions for batches that are to be handled apart; by default that is done here as well.
    """

    def __init__(
        self,
        path: str,
        mappings: Iterable[Mapping],
        backoff: Backoff | None = None,
        *,
        switches: bool = True,
        apart: Invoke | None = None,
    ) -> None:
        # What a checkpoint would lose with the power is read again, so no sync is spent on it.
        self._log = LogFile(path, synchronous="NORMAL")
        self._stop = threading.Event()
        self._backoff = backoff or Backoff()
        self._switches = switches
        self._apart = apart
        consumers = [(mapping, self._waiting(mapping)) for mapping in mappings]
        self._all = [waiting for _, waiting in consumers]
        self._threads = [
            threading.Thread(target=self._run, args=(waiting, little), name=name, daemon=True)
            for mapping, waiting in consumers
            for name, little in _threads_of(mapping)
        ]
        self._threads.append(threading.Thread(target=self._watch, name="watch", daemon=True))

    def _waiting(self, mapping: Mapping) -> WaitingShards[ShardReader]:
        def reader(shard: int) -> ShardReader:
            return ShardReader(ShardLog(self._log, mapping.consumer, shard, mapping.kinds), mapping, self._backoff)

        return WaitingShards(self._log, mapping, reader)

    def _run(self, waiting: WaitingShards[ShardReader], little: bool) -> None:
        failures = 0
        while not self._stop.is_set():
            news = waiting.news
            try:
                turn = waiting.take(little=little)
            except sqlite3.Error:
                _LOG.exception("the stream cannot be read")
                self._stop.wait(self._backoff.seconds(failures))
                failures += 1
                continue
            failures = 0
            if self._switches:
                sys.setswitchinterval(_SHARED_SWITCH_SECONDS if waiting.is_shared else _SWITCH_SECONDS)
            if turn is None:
                waiting.wait(news, little=little)
            else:
                apart = self._apart if turn.apart else None
                waiting.give_back(turn.reader, turn.reader.step(turn.most, apart))

    def _watch(self) -> None:
        """Looks for new records for all who wait: each would look fifty times a second."""
        seen = None
        while not self._stop.wait(_POLL_SECONDS):
            try:
                end = self._log.newest()
            except sqlite3.Error:
                # Whoever takes a turn finds the trouble, and says so.
                end = None
            if end is None or end != seen:
                seen = end
                for waiting in self._all:
                    waiting.tell(grown=True)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_seconds: float = 5.0) -> bool:
        """Lets the invocations that run end; returns whether all did within the time."""
        self._stop.set()
        for waiting in self._all:
            waiting.tell()
        for thread in self._threads:
            thread.join(timeout_seconds)
        ended = not any(thread.is_alive() for thread in self._threads)
        if ended:
            self._log.close()
        return ended


def _threads_of(mapping: Mapping) -> list[tuple[str, bool]]:
    """By name; which of them serve only shards with little to read."""
    anything = [(f"{mapping.consumer}-{number}", False) for number in range(SHARDS)]
    return [*anything, (f"{mapping.consumer}-little", True)]


def backlog(log: LogFile, mappings: Iterable[Mapping]) -> int:
    """How many records consumers have yet to handle; 0 when all that was put has taken its effect."""
    return sum(
        ShardLog(log, mapping.consumer, shard, mapping.kinds).backlog()
        for mapping in mappings
        for shard in shards_of(log)
    )
