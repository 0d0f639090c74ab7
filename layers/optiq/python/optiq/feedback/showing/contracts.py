"""What people see of what advertising platforms were told."""

from dataclasses import dataclass

from optiq.feedback.destinations.contracts import ShownDestination
from optiq.feedback.outbox.contracts import Entry, Status
from optiq.feedback.vendors.contract import Outcome


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many entries there are of a status for one reason, in words; "" where it needs none."""

    status: Status
    reason: str
    because: str
    count: int


@dataclass(frozen=True, slots=True)
class KeyRate:
    """By how much of what was sent the platform could find the person: `key` is email, phone, click …"""

    key: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Untold:
    """By how much the platform counts more than its conversions are worth now, for it takes no refunds and changes.

    Less than 0 where they are worth more now.
    """

    currency: str
    value_micros: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """How the conversions of some days were told at a destination.

    Attributes:
        pending: that wait now, of any day. sending: that are in a request now, of any day.
        recorded: of those days, but those that wait. sent, accepted, confirmed: each a part of the one before.
        reasons: of those that were not taken, the most first.
        changes: that were taken of conversions told before. untold: by how much what it counts is too much.
        keys: by what the platform could find the people, the most first.
        median_seconds, p95_seconds: from a conversion to the platform's yes; None without any.
    """

    destination: ShownDestination
    pending: int
    sending: int
    recorded: int
    sent: int
    accepted: int
    confirmed: int
    reasons: tuple[ReasonCount, ...]
    changes: int
    untold: tuple[Untold, ...]
    keys: tuple[KeyRate, ...]
    median_seconds: int | None
    p95_seconds: int | None


@dataclass(frozen=True, slots=True)
class ToldConversion:
    """One thing that a destination was or is to be told of a conversion; `because` is the reason in words."""

    destination_id: str
    name: str
    entry: Entry
    because: str


@dataclass(frozen=True, slots=True)
class TestEvent:
    """What a platform answers to a test event. `outcome`: ACCEPTED, REFUSED …; `code` is its own, "" for a yes."""

    outcome: Outcome
    code: str
    trace: str
