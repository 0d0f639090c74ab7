"""What Stripe was told of an organization's hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReportedHour:
    """What Stripe was told of an hour.

    Attributes:
        revision: grows with each value. taken: the last revision that Stripe has.
    """

    events: int = 0
    revision: int = 0
    taken: int = 0


@dataclass(frozen=True, slots=True)
class ReportedDay:
    """The hours of a UTC day, by their number."""

    hours: Mapping[str, ReportedHour] = field(default_factory=dict)
    version: int = 0
    forget_at: int = 0
