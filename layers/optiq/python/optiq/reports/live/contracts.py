"""What happens on a site now."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Minute:
    """People with an event, and events, in the minute that begins at `minute_ms`."""

    minute_ms: int
    people: int
    events: int


@dataclass(frozen=True, slots=True)
class Top:
    """A value, and how many people had it in the last 30 minutes."""

    value: str
    people: int


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: its name, the page's path, and the channel, source, and country of its visit, "" where unknown.

    Attributes:
        conversion: it is one. value_micros, currency: what it is worth, if anything.
    """

    occurred_ms: int
    event: str
    page: str
    channel: str
    source: str
    country: str
    conversion: bool
    value_micros: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Live:
    """
    Attributes:
        people: with an event in the last 5 minutes.
        minutes: the last 30, the oldest first; the last one is under way.
        pages, sources, countries: of the last 30 minutes, the ten with the most people.
        latest: events, newest first. conversions: of the last 30 minutes, newest first.
        data_until_ms: what was in the lake then is counted.
    """

    people: int
    minutes: tuple[Minute, ...]
    pages: tuple[Top, ...]
    sources: tuple[Top, ...]
    countries: tuple[Top, ...]
    latest: tuple[Happened, ...]
    conversions: tuple[Happened, ...]
    data_until_ms: int
