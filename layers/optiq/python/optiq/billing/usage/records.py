"""Counted usage in the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from optiq.kernel.records import record_of
from optiq.kernel.table_ending import Temporary


@dataclass(frozen=True, slots=True)
class ShardUsage:
    """What one shard brought for an organization on one UTC day.

    Attributes:
        watermark: the place of the last record that was counted (`place_of`).
        sites: events of each of the 24 hours, by site and by ingestion token; "" is what came by public keys.
        forget_at: seconds.
    """

    watermark: str = ""
    sites: Mapping[str, Mapping[str, list[int]]] = field(default_factory=dict)
    forget_at: int = 0


SHARD_USAGE: Any = record_of(ShardUsage)


class CrossedRecord(Temporary):
    """That a threshold of a limit was reached, and the owners are notified of it."""
