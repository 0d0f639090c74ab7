"""The overview: a site's numbers at a glance, of rollups in the table alone."""

from dataclasses import replace
from datetime import datetime

from optiq.kernel.caller import Caller
from optiq.kernel.clock import SECOND_MS, Clock, system_clock
from optiq.reports import keys
from optiq.reports.overview.contracts import OF_CUSTOMERS, TILES, Overview
from optiq.reports.overview.notes import notes_of
from optiq.reports.questions.asked import Asked, checked
from optiq.reports.questions.contracts import Ask, Days, Row
from optiq.reports.questions.notes import incomplete_days
from optiq.reports.questions.periods import compared_days
from optiq.reports.questions.rows import Sums, ordered, row
from optiq.reports.records import complete_until
from optiq.reports.rollups.parts import parts_of
from optiq.reports.rollups.reading import Rollups, Until, moved_back, read_rollups
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
        period=Days.of(days),
        compared=Days.of(read.before.days) if read.before else None,
        compared_until_hour=read.now.until.hour if read.now.until else None,
        data_until_ms=until_ms,
        incomplete_days=incomplete_days(days, until_ms),
        notes=notes_of(asked, read.now, until_ms),
    )


def _series(asked: Asked, now: Rollups) -> tuple[Row, ...]:
    by_day: Sums = {(day,): sums for day, sums in now.by_day().items()}
    asking = replace(asked.ask, dimensions=("day",), compare="NONE", order="day")
    series = replace(asked, ask=asking, keys=("day",), part=replace(asked.part, bucket="DAY"))
    return tuple(ordered(series, [row(series, keys, by_day, None) for keys in by_day]))


class _Read:
    """The rollups of a period, and of the one that it is compared with."""

    def __init__(self, asked: Asked, now: Rollups, before: Rollups | None) -> None:
        self.asked, self.now, self.before = asked, now, before

    @classmethod
    def of(cls, asked: Asked, until_ms: int) -> "_Read":
        days, earlier = asked.part.days, compared_days(asked.ask.compare, asked.part.days)
        until = None
        if earlier and days.bounds_ms[1] > until_ms:
            at = datetime.fromtimestamp(until_ms // SECOND_MS, days.timezone)
            until = Until(at.date().isoformat(), at.hour)
        wanted = [(days, until)]
        if earlier:
            wanted.append((earlier, moved_back(until, days, earlier) if until else None))
        parts = parts_of(asked.part.model)
        now, *before = read_rollups(asked.caller.organization_id, asked.part.site_id, parts, wanted)
        return cls(asked, now, before[0] if before else None)

    def rows(self, dimension: str, metrics: tuple[str, ...] = TILES) -> list[Row]:
        """By value of a dimension, of `""` the total alone; most of the first metric first."""
        asked = replace(self.asked, ask=replace(self.asked.ask, metrics=metrics))
        now = compared = _keyed(dimension, self.now.sums(dimension))
        before = _keyed(dimension, self.before.sums(dimension, cut=True)) if self.before else None
        if self.now.until:
            compared = _keyed(dimension, self.now.sums(dimension, cut=True))
        every = dict.fromkeys((*now, *(before or ()), *([()] if not dimension else [])))
        rows = [row(asked, keys, now, before) for keys in every]
        if compared is not now:
            rows = [replace(one, change=row(asked, one.keys, compared, before).change) for one in rows]
        return list(ordered(replace(asked, keys=(dimension,) if dimension else ()), rows))

    def of_newness(self, dimension: str, metrics: tuple[str, ...]) -> tuple[Row, ...]:
        by_value = {one.keys[0]: one for one in self.rows(dimension, metrics)}
        none: tuple[int, ...] = (0,) * len(metrics)
        compared = (none, (None,) * len(metrics)) if self.before else ((), ())
        return tuple(by_value.get(value) or Row((value,), none, *compared) for value in _NEWNESS)


def _keyed(dimension: str, found: Found) -> Sums:
    return {(value,) if dimension else (): sums for value, sums in found.items()}
