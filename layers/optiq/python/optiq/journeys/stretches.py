"""Parts of a person's history that are written again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from optiq.journeys.history import Fact
from optiq.journeys.journey import History


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a history to write again: visits that begin or go on from `since_ms` to `until_ms`.

    Attributes:
        altered_ms: the earliest thing that is new in it.
        days: the UTC days that are written again whole.
        late: events of a later time were known already, so sessions and touches may have ended with this change.
        of_days: some of its days are left out from now on.
    """

    facts: Sequence[Fact]
    history: History
    since_ms: int
    until_ms: int
    altered_ms: int
    late: bool
    of_days: bool = False
    days: range = range(0)


def runs(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of days that follow one another closely enough to be looked at together."""
    first = last = None
    for day in days:
        if first is None or last is None:
            first = day
        elif day - last > 2:
            yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last
