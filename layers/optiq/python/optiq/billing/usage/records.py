"""Counted usage in the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.records import record_of
from optiq.kernel.table_ending import Temporary


@dataclass(frozen=True, slots=True)
class ShardUsage:
    """What one shard brought for an organization on one UTC day.

    Attributes:
        watermark: the place of the last record that was counted (`place_of`), as stored or as held.
        sites: events of each of the 24 hours, by site and by ingestion token; "" is what came by public keys.
        held: from which sequence number to which events were held in place of stored.
        held_by_hour: how many were held, each with the hour of the last event of its batch; none, or of each of the 24
            hours. Of the shard `ended:<shard>` they are less than zero: events that are held no more.
        forget_at: seconds.
    """

    watermark: str = ""
    sites: Mapping[str, Mapping[str, list[int]]] = field(default_factory=dict)
    held: list[list[int]] = field(default_factory=list)
    held_by_hour: list[int] = field(default_factory=list)
    forget_at: int = 0


SHARD_USAGE: Any = record_of(ShardUsage)


@dataclass(frozen=True, slots=True)
class HeldBatch:
    """Events of one shard that are held together; their bodies are an item of its own.

    Attributes:
        sequence: the place of the first (`place_of`). events: how many.
        first_ms, last_ms: when the first and the last of them came.
        allowed: what the organization might store in its month then.
        taken_ms: when taking them in began; they count at that instant. 0 before.
        forget_at: seconds.
    """

    shard: str
    sequence: str
    events: int
    first_ms: int
    last_ms: int
    allowed: int
    taken_ms: int = 0
    forget_at: int = 0


HELD_BATCH: Any = record_of(HeldBatch)


class HeldPassedRecord(Temporary):
    """The place of a shard's batch up to which all have ended, so that nobody reads past them again."""

    sequence = UnicodeAttribute(null=True)


class HeldBodiesRecord(Temporary):
    """The events of a held batch, compressed and sealed. One that was taken in has none."""

    bodies = BinaryAttribute(legacy_encoding=False, null=True)


@dataclass(frozen=True, slots=True)
class Holding:
    """That an organization has events that are held. It is in the index, for who takes them in."""

    organization_id: str
    forget_at: int = 0


HOLDING: Any = record_of(Holding)


@dataclass(frozen=True, slots=True)
class SiteSpend:
    """What a site's advertising cost in a month, by source, in millionths of a US dollar.

    Attributes:
        told_ms: when that was known. forget_at: seconds.
    """

    sources: Mapping[str, int] = field(default_factory=dict)
    told_ms: int = 0
    forget_at: int = 0


SITE_SPEND: Any = record_of(SiteSpend)


@dataclass(frozen=True, slots=True)
class Stops:
    """Whom the edge refuses, by organization, and until which instant."""

    until: Mapping[str, int] = field(default_factory=dict)
    version: int = 0


STOPS: Any = record_of(Stops)


class CrossedRecord(Temporary):
    """That a threshold of a limit was reached, when that was seen, and the owners are notified of it."""

    at_ms = NumberAttribute(default=0)


class MarkRecord(Temporary):
    """That a month's mark on a shard was read."""
