"""The event stream: an append-only log, ordered within a partition key, read by shard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """What a producer appends.

    Attributes:
        kind: the message's `type`. data: the whole message as JSON.
        organization_id: whose it is, "" for nobody's; on one machine each organization's records wait by themselves.
    """

    partition_key: str
    kind: str
    data: bytes
    organization_id: str = ""


class Stream(Protocol):
    def put(self, records: Sequence[Record]) -> None:
        """Appends all records durably before it returns.

        Raises:
            UpstreamError: not all could be appended; the caller may try all of them again.
        """
        ...

    def put_on_every_shard(self, record: Record) -> list[str]:
        """Appends a record on each shard that the organization's records may come to, durably; returns their names.

        Whoever reads it has read all that was on that shard before.

        Raises:
            UpstreamError: not all could be appended; the caller may try again.
        """
        ...
