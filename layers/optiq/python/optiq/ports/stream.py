"""The event stream: an append-only log, ordered within a partition key, read by shard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """What a producer appends. `kind` is the message's `type`, `data` the whole message as JSON."""

    partition_key: str
    kind: str
    data: bytes


class Stream(Protocol):
    def put(self, records: Sequence[Record]) -> None:
        """Appends all records durably before it returns.

        Raises:
            UpstreamError: not all could be appended; the caller may try all of them again.
        """
        ...
