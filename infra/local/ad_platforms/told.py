"""What the stand-ins were told of conversions, and how the vendors count it: an event that they know is not another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

KNOWN_FOR_MS = 48 * 3_600_000
"""So long Meta and TikTok know an event again by its name and id."""
DAY_MS = 86_400_000
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass
class ToldConversion:
    """A conversion as a vendor has it.

    Attributes:
        target: Meta's dataset, TikTok's pixel, Google's conversion action. name: of the event, "" at Google.
        count: how many conversions the vendor counts. received: how often it was told.
        value: what it counts now; values: all that it was told, in their order.
    """

    vendor: str
    target: str
    name: str
    event_id: str
    at_ms: int
    event: dict[str, Any]
    value: float
    count: int = 1
    received: int = 1
    values: list[float] = field(default_factory=list)


@dataclass
class Ingested:
    """A request that Google accepted, which it says more of later."""

    at_ms: int
    destinations: list[Any]
    failed: dict[str, int]
    size: int


@dataclass
class ToldWorld:
    """What a vendor of conversions knows.

    Attributes:
        told: by vendor, target, name and id.
        tested: events of test tools, and requests that Google only validated.
        refused: ids of events in which something is wrong. reasons: Google's reason for an id, after it accepted it.
        partial: how TikTok tells of a part that it refuses: NAMED, SILENT (without saying which), or WHOLE: nothing is
            taken.
        requests: Google's, by id. processing_ms: how long Google says nothing of them.
    """

    told: dict[str, ToldConversion] = field(default_factory=dict)
    tested: list[dict[str, Any]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)
    partial: Literal["NAMED", "SILENT", "WHOLE"] = "NAMED"
    requests: dict[str, Ingested] = field(default_factory=dict)
    processing_ms: int = 30 * 60_000

    def hear(
        self, vendor: str, target: str, name: str, event: Mapping[str, Any], event_id: str, value: float, now_ms: int
    ) -> None:
        """The vendor takes an event. Meta and TikTok keep the first; Google counts the last value."""
        key = "|".join((vendor, target, name, event_id))
        known = self.told.get(key)
        if known is None:
            self.told[key] = ToldConversion(vendor, target, name, event_id, now_ms, dict(event), value, values=[value])
            return
        known.received += 1
        known.values.append(value)
        if vendor == "google":
            known.value = value
        elif now_ms - known.at_ms > KNOWN_FOR_MS:
            known.count, known.at_ms = known.count + 1, now_ms

    def count(self, event_id: str = "") -> int:
        """How many conversions the vendors count; those of one id."""
        return sum(one.count for one in self.told.values() if event_id in ("", one.event_id))


def are_hashes(values: object) -> bool:
    """Whether all of these are SHA-256 in hex; one text, or several."""
    several = values if isinstance(values, list) else [values]
    return all(isinstance(one, str) and _HASH.fullmatch(one) for one in several)
