"""What journeys tells other contexts about the touches of a site, taken together."""

from dataclasses import dataclass
from typing import Literal

from optiq.journeys.sites import Category as Category

DimensionKind = Literal[
    "landing_page", "referrer_domain", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"
]


@dataclass(frozen=True, slots=True)
class CreditKept:
    """Returns from a payment or sign-in page (or another excluded referrer) that took no credit.

    `returns` counts page views, `sessions` the sessions they fell in.
    """

    referrer: str
    returns: int
    sessions: int


@dataclass(frozen=True, slots=True)
class CreditKeptOnDay:
    """What was kept on one day, most first."""

    day: str
    rows: tuple[CreditKept, ...]


@dataclass(frozen=True, slots=True)
class CreditGuard:
    """What the guard against credit thieves kept, most first: of all days, and of each day that has any, in order."""

    rows: tuple[CreditKept, ...]
    days: tuple[CreditKeptOnDay, ...]


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """Touches that stand in one channel and would stand in another; `share` is theirs of all touches, 0 to 1."""

    old_channel: str
    new_channel: str
    touches: int
    share: float


@dataclass(frozen=True, slots=True)
class DryRun:
    """What channel rules would change of the touches of some days: only what changes, the most touches first."""

    from_day: str
    to_day: str
    touches: int
    changes: tuple[ChannelChange, ...]


@dataclass(frozen=True, slots=True)
class DimensionValue:
    """A value of touches' and when it was first and last seen. `category` is that of a referrer, and None elsewhere."""

    value: str
    first_seen_ms: int
    last_seen_ms: int
    touches: int
    category: Category | None
