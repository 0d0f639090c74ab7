"""What journeys tells other contexts about customers and their journeys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from optiq.journeys.contracts import Conversion, IdentityLink, Touch
from optiq.kernel.events import IdentityType

JourneyStatus = Literal["IN_PROGRESS", "CONVERTED", "ABANDONED"]
CustomerLimit = Literal["MANY_IDENTIFIERS", "LONG_HISTORY", "CROWDED_DAY"]
CUSTOMER_LIMITS: Mapping[str, str] = {
    "MANY_IDENTIFIERS": "Many identifiers were linked: a kiosk, a call centre or a shared test login. An identifier "
    "keeps 200 links, servers' first. Once there are more than 500 identifiers, each is a customer of its own.",
    "LONG_HISTORY": "The history is long: only the latest 5,000 events or so are shown. Visits before the latest "
    "2,000 may go by another identifier in reports, where identifiers were joined since.",
    "CROWDED_DAY": "On some UTC days there are more events than a person makes: over 1,000, or a whole day without a "
    "pause of 30 minutes. No visits are made of these days.",
}
"""What each limit of a customer means."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The way from the first contact to a conversion, or to now."""

    status: JourneyStatus
    started_ms: int
    last_activity_ms: int
    conversion_id: str
    touches: int
    events: int
    value_micros: int


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One event of a customer, with the touch it opened and the conversion it is, if any."""

    occurred_ms: int
    event_id: str
    name: str
    url: str
    touch: Touch | None
    conversion: Conversion | None


@dataclass(frozen=True, slots=True)
class CustomerIdentity:
    """An identifier of a customer, and of which type it is."""

    customer_id: str
    type: IdentityType


@dataclass(frozen=True, slots=True)
class Customer:
    """A person as we know them; every list oldest first.

    Attributes:
        customer_id: the identifier that names them now.
        limits: which limits they reached.
    """

    customer_id: str
    identities: tuple[CustomerIdentity, ...]
    links: tuple[IdentityLink, ...]
    timeline: tuple[TimelineEvent, ...]
    journeys: tuple[Journey, ...]
    limits: tuple[CustomerLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerSummary:
    """A customer in a list: first and last touch or conversion, and how many of each."""

    customer_id: str
    first_seen_ms: int
    last_seen_ms: int
    touches: int
    conversions: int


@dataclass(frozen=True, slots=True)
class JourneySummary:
    """A journey in a list; the conversion's fields are empty without one.

    `abandonment_recorded_ms` is when a sweep recorded that it is abandoned; None before that, and when it moved on.
    """

    customer_id: str
    status: JourneyStatus
    started_ms: int
    last_activity_ms: int
    touches: int
    first_channel: str
    last_channel: str
    conversion_id: str
    value_micros: int
    currency: str
    abandonment_recorded_ms: int | None


@dataclass(frozen=True, slots=True)
class JourneySweep:
    """How many journeys a sweep recorded as abandoned (or as changed since), and how many it took back."""

    recorded: int
    taken_back: int
