"""The stream's consumers, driven by hand: a test decides when which batch is delivered, and how often."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from optiq.kernel.settings import settings
from optiq.ports.log_file import LogFile

from infra.local.kinesis_event import to_event
from infra.local.mappings import MAPPINGS
from infra.local.shard_log import ShardLog

Handler = Callable[[dict[str, Any], object], object]


class Pipeline:
    """Reads the test process's stream from where it stood when made."""

    def __init__(self) -> None:
        self._log = LogFile(settings().stream)
        (end,) = self._log.connection().execute("SELECT coalesce(max(sequence), 0) FROM records").fetchone()
        self._start = int(end)
        self._positions: defaultdict[tuple[str, int], int] = defaultdict(lambda: self._start)

    def batches(self, consumer: str, size: int = 1000) -> list[dict[str, Any]]:
        """What waits for a consumer, as the events its handler would get; it waits on."""
        mapping = next(m for m in MAPPINGS if m.consumer == consumer)
        found = []
        for shard in self._shards():
            reader = _From(self._log, mapping.consumer, shard, mapping.kinds, self._positions[consumer, shard])
            batch = reader.next_batch(size)
            if batch is not None and batch.records:
                found.append(to_event(shard, batch.records))
        return found

    def _shards(self) -> list[int]:
        """Those with records of this test: the tests before it left two for each of their organizations."""
        rows = self._log.connection().execute(
            "SELECT DISTINCT shard FROM records WHERE sequence > ? ORDER BY shard", (self._start,)
        )
        return [shard for (shard,) in rows]

    def advance(self, consumer: str, event: dict[str, Any]) -> None:
        """Moves a consumer past a batch."""
        last = event["Records"][-1]
        shard = int(last["eventID"].partition(":")[0].removeprefix("shardId-"))
        self._positions[consumer, shard] = int(last["kinesis"]["sequenceNumber"][2:])

    def drain(self, size: int = 1000, consumers: Sequence[str] = ("journeys", "attribution")) -> None:
        """Delivers everything to the consumers, one after the other, until nothing waits."""
        for mapping in MAPPINGS:
            if mapping.consumer not in consumers:
                continue
            module, _, name = mapping.handler.rpartition(".")
            handler: Handler = getattr(import_module(module), name)
            while batches := self.batches(mapping.consumer, size):
                for event in batches:
                    assert handler(event, None) == {"batchItemFailures": []}
                    self.advance(mapping.consumer, event)


class _From(ShardLog):
    """A shard read from a given place, whatever its checkpoint."""

    def __init__(self, log: LogFile, consumer: str, shard: int, kinds: tuple[str, ...], position: int) -> None:
        super().__init__(log, consumer, shard, kinds)
        self._from = position

    def position(self) -> int:
        return self._from
