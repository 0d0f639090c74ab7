"""The live view as the API writes it."""

from optiq.kernel.schemas import Instant, Micros, Out
from pydantic import Field


class MinuteOut(Out):
    minute_at: Instant
    people: int
    events: int


class TopOut(Out):
    value: str = Field(description='"" is unknown')
    people: int


class HappenedOut(Out):
    """An event, with the channel, source and country of its visit, "" where unknown."""

    occurred_at: Instant
    event: str
    page: str
    channel: str
    source: str
    country: str
    conversion: bool
    value_micros: Micros | None
    currency: str


class LiveOut(Out):
    """`people` had an event in the last 5 minutes; the rest is of the last 30, of which the newest is under way. It is
    computed anew every 15 seconds at most.
    """

    people: int
    minutes: list[MinuteOut]
    pages: list[TopOut]
    sources: list[TopOut]
    countries: list[TopOut]
    latest: list[HappenedOut]
    conversions: list[HappenedOut]
    data_until: Instant
