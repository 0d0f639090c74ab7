"""Whether the system works: its components, minute by minute, and incidents that staff tell of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Component = Literal["API", "CONSOLE", "EVENTS", "CREDITS", "AD_SYNC"]
COMPONENTS: Mapping[Component, str] = {
    "API": "API",
    "CONSOLE": "Console",
    "EVENTS": "Events are taken in and stored",
    "CREDITS": "Conversions are credited",
    "AD_SYNC": "Costs of advertising are read",
}
"""Each with its name on the page."""
Impact = Literal["MINOR", "MAJOR"]
IncidentState = Literal["INVESTIGATING", "IDENTIFIED", "MONITORING", "RESOLVED"]


@dataclass(frozen=True, slots=True)
class StatusDay:
    """A UTC day's minutes.

    Attributes:
        good: for each component the minutes in which it worked, a bit each, as a hexadecimal number. A minute without
            a bit is bad: nobody saw the component work.
    """

    organization_id: str
    day: str
    good: dict[str, str] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that the system made of itself, with an order. It must become a conversion and credit."""

    order_id: str
    sent_ms: int


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What the minutes are counted by.

    Attributes:
        began_ms: when the first minute was counted; 0 for never.
        site_organization_id, site_id: where visits go, "" before there is such a site.
        visits: those that were not judged yet. events_good, credits_good: as the last that was judged showed.
        ads_late_ms: how long the advertising account that waits longest was not read. ads_seen_ms: when that was read.
    """

    organization_id: str
    began_ms: int = 0
    site_organization_id: str = ""
    site_id: str = ""
    visits: tuple[Visit, ...] = ()
    events_good: bool = True
    credits_good: bool = True
    ads_late_ms: int = 0
    ads_seen_ms: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class IncidentUpdate:
    """What staff told at an instant."""

    at_ms: int
    status: IncidentState
    text: str


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that customers notice. Attributes: updates: the oldest first."""

    organization_id: str
    incident_id: str
    title: str
    impact: Impact
    components: tuple[Component, ...]
    status: IncidentState
    began_ms: int
    resolved_ms: int | None = None
    updates: tuple[IncidentUpdate, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Uptime:
    """Minutes of a component. Attributes: bad: those in which nobody saw it work."""

    minutes: int
    bad: int

    @property
    def percent(self) -> float:
        """1 - bad minutes / minutes, in percent; 100 before the first."""
        return 100.0 * (1 - self.bad / self.minutes) if self.minutes else 100.0


@dataclass(frozen=True, slots=True)
class ComponentStatus:
    """
    Attributes:
        works: in the last minute. days: the uptime of each UTC day, the oldest first.
        month, quarter: of the last 30 and 90 days.
    """

    component: Component
    name: str
    works: bool
    month: Uptime
    quarter: Uptime
    days: tuple[tuple[str, Uptime], ...]


@dataclass(frozen=True, slots=True)
class Status:
    """The status page: nothing of any organization is on it."""

    as_of_ms: int
    notice: str
    components: tuple[ComponentStatus, ...]
    incidents: tuple[Incident, ...]
