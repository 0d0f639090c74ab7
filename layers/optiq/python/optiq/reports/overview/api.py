"""The overview: a site's numbers at a glance, of rollups in the table alone."""

from dataclasses import replace
from datetime import datetime

from optiq.kernel.caller import Caller
from optiq.kernel.clock import SECOND_MS, Clock, system_clock
from optiq.reports import keys
from optiq.reports.domain import DayRange
from optiq.reports.overview.contracts import OF_CUSTOMERS, TILES, Overview
from optiq.reports.overview.notes import notes_of
from optiq.reports.questions.asked import Asked, checked
from optiq.reports.questions.contracts import Ask, Days, Row
from optiq.reports.questions.notes import incomplete_days
from optiq.reports.questions.periods import compared_days
from optiq.reports.questions.rows import Sums, ordered, row
from optiq.reports.records import complete_until
from optiq.reports.rollups.reading import Rollups, Until, moved_back
from optiq.reports.rollups.reading import Sums as Found

__all__ = ["OF_CUSTOMERS", "TILES", "overview"]

_MOST_ROWS = 5
_NEWNESS = ("NEW", "RETURNING")


def overview(
    caller: Caller, site_id: str, *, period: str, compare: str, model: str, clock: Clock = system_clock
) -> Overview:
    """
    Raises:
        NotFoundError: there is no such site.
        InvalidError: a period, comparison or model that cannot be; the message begins with its name.
    """
    now_ms = clock()
    asked = checked(caller, site_id, Ask(TILES, period=period, compare=compare, model=model), now_ms)
    until_ms = complete_until(keys.rollups_state(caller.organization_id))
    read = _Read.of(asked, until_ms)
    days = asked.part.days
    return Overview(
        totals=read.rows("")[0],
        series=_series(asked, read.now),
        channels=tuple(read.rows("channel")[:_MOST_ROWS]),
        campaigns=tuple(one for one in read.rows("campaign") if one.keys[0])[:_MOST_ROWS],
        visitors=read.of_newness("visitor", ("visits",)),
        customers=read.of_newness("customer", OF_CUSTOMERS),
        currency=asked.part.currency,
        timezone=str(days.timezone),
        model=asked.part.model,
        period=_days(days),
        compared=_days(read.before.days) if read.before else None,
        compared_until_hour=read.until.hour if read.before and read.until else None,
        data_until_ms=until_ms,
        incomplete_days=incomplete_days(days, until_ms),
        notes=notes_of(asked, read.now, until_ms, cut=read.before is not None and read.until is not None),
    )


def _days(days: DayRange) -> Days:
    return Days(days.first.isoformat(), days.last.isoformat())


def _series(asked: Asked, now: Rollups) -> tuple[Row, ...]:
    by_day: Sums = {(day,): sums for day, sums in now.by_day().items()}
    asking = replace(asked.ask, dimensions=("day",), compare="NONE", order="day")
    series = replace(asked, ask=asking, keys=("day",), part=replace(asked.part, bucket="DAY"))
    return tuple(ordered(series, [row(series, keys, by_day, None) for keys in by_day]))


class _Read:
    """The rollups of a period and of the one that it is compared with, and until when the two are compared."""

    def __init__(self, asked: Asked, now: Rollups, before: Rollups | None, until: Until | None) -> None:
        self.asked, self.now, self.before, self.until = asked, now, before, until

    @classmethod
    def of(cls, asked: Asked, until_ms: int) -> "_Read":
        days, earlier = asked.part.days, compared_days(asked.ask.compare, asked.part.days)
        now, before = _rollups(asked, days), _rollups(asked, earlier) if earlier else None
        until = None
        if days.bounds_ms[1] > until_ms:
            at = datetime.fromtimestamp(until_ms // SECOND_MS, days.timezone)
            until = Until(at.date().isoformat(), at.hour)
        return cls(asked, now, before, until)

    def rows(self, dimension: str, metrics: tuple[str, ...] = TILES) -> list[Row]:
        """By value of a dimension, of `""` the total alone; most of the first metric first."""
        asked = replace(self.asked, ask=replace(self.asked.ask, metrics=metrics))
        now, until = _keyed(dimension, self.now.sums(dimension)), self.until
        before = compared = None
        if self.before:
            days, earlier = self.now.days, self.before.days
            then = moved_back(until, days, earlier) if until else None
            before = _keyed(dimension, self.before.sums(dimension, then))
            compared = _keyed(dimension, self.now.sums(dimension, until)) if until else now
        every = dict.fromkeys((*now, *(before or ()), *([()] if not dimension else [])))
        rows = [row(asked, keys, now, before) for keys in every]
        if compared is not None and until:
            rows = [replace(one, change=row(asked, one.keys, compared, before).change) for one in rows]
        return list(ordered(replace(asked, keys=(dimension,) if dimension else ()), rows))

    def of_newness(self, dimension: str, metrics: tuple[str, ...]) -> tuple[Row, ...]:
        by_value = {one.keys[0]: one for one in self.rows(dimension, metrics)}
        none: tuple[int, ...] = (0,) * len(metrics)
        compared = (none, (None,) * len(metrics)) if self.before else ((), ())
        return tuple(by_value.get(value) or Row((value,), none, *compared) for value in _NEWNESS)


def _rollups(asked: Asked, days: DayRange) -> Rollups:
    return Rollups.read(asked.caller.organization_id, asked.part.site_id, asked.part.model, days)


def _keyed(dimension: str, found: Found) -> Sums:
    return {(value,) if dimension else (): sums for value, sums in found.items()}
