"""The list of a site's events: which are listed, and what is shown of each."""

from dataclasses import dataclass
from typing import Literal

from optiq.kernel.left_out import EventLeftOut

LeftOutFilter = EventLeftOut | Literal["ANY"]


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events of a site are listed; "" asks for all.

    Attributes:
        from_day, to_day: days in the site's timezone, both included.
        left_out: a reason why events count in no report, or ANY.
        only_warned: only those of which a part could not be read.
        customer_id: the customer that the event was stored for.
    """

    from_day: str = ""
    to_day: str = ""
    name: str = ""
    left_out: LeftOutFilter | Literal[""] = ""
    only_warned: bool = False
    customer_id: str = ""


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event as it was stored; `left_out` is why it counts in no report, or "", and `left_out_because` a sentence."""

    event_id: str
    occurred_at: str
    received_at: str
    kind: str
    name: str
    customer_id: str
    url: str
    value_micros: int | None
    currency: str
    from_server: bool
    left_out: str
    left_out_because: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, newest first, and where the next page starts (None at the end).

    `note` says that no event has the name or the customer asked for, or is "".
    """

    from_day: str
    to_day: str
    timezone: str
    items: tuple[ListedEvent, ...]
    cursor: str | None
    note: str = ""
