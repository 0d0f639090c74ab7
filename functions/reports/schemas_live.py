"""The live view as the API writes it."""

from optiq.kernel.schemas import Instant, Out, shows
from optiq.reports.live.contracts import Happened, Minute
from pydantic import Field


@shows(Minute)
class MinuteOut(Out):
    pass


class TopOut(Out):
    value: str = Field(description='"" is unknown')
    people: int


@shows(Happened)
class HappenedOut(Out):
    """An event, with the channel, source and country of its visit, "" where unknown."""


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
