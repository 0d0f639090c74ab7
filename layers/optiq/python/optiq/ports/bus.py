"""The bus: takes events, and delivers each to the functions that subscribe to its kind, at least once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BusEvent:
    """An event on its way.

    Attributes:
        source: `optiq.` and the publisher's context. detail: the event as JSON.
        key: events of one key keep their order where the bus can keep it.
    """

    source: str
    kind: str
    key: str
    organization_id: str
    at_ms: int
    detail: str


class Bus(Protocol):
    def put(self, events: Sequence[BusEvent]) -> None:
        """Takes 10 events at most, durably.

        Raises:
            UpstreamError: not all were taken; the caller may try all of them again.
        """
        ...
