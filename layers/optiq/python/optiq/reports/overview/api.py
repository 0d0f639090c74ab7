"""The overview: a site's numbers at a glance, of rollups in the table alone."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime

from optiq.attribution.contracts import NO_TRACKED_VISIT
from optiq.kernel.caller import Caller
from optiq.kernel.clock import SECOND_MS, Clock, system_clock
from optiq.reports.overview.contracts import OF_CUSTOMERS, TILES, Overview
from optiq.reports.overview.notes import notes_of
from optiq.reports.overview.sums import sums_of
from optiq.reports.questions.asked import Asked, checked
from optiq.reports.questions.contracts import Ask, Days, Row
from optiq.reports.questions.notes import incomplete_days
from optiq.reports.questions.periods import compared_days
from optiq.reports.questions.rows import moved, ordered, row
from optiq.reports.rollups.parts import parts_of
from optiq.reports.rollups.reading import Rollups, Until, begin, counted_until, moved_back, read_rollups
from optiq.reports.rollups.records import RollupDayRecord, known_days

__all__ = ["OF_CUSTOMERS", "TILES", "overview"]

_MOST_ROWS = 5
_REVENUE, _VISITS = TILES.index("revenue"), TILES.index("visits")
_NEWNESS = ("NEW", "RETURNING")
_NO_CAMPAIGN = ("", "(not set)", NO_TRACKED_VISIT)
"""What visits and sales without a campaign have for a name."""


def overview(
    caller: Caller,
    site_id: str,
    *,
    period: str,
    compare: str,
    model: str,
    interval: str = "day",
    clock: Clock = system_clock,
) -> Overview:
    """
    Args:
        interval: of the series: `day`, `week` or `month`.

    Raises:
        NotFoundError: there is no such site.
        InvalidError: a period, comparison or model that cannot be; the message begins with its name.
    """
    now_ms = clock()
    asked = checked(caller, site_id, Ask(TILES, (interval,), period=period, compare=compare, model=model), now_ms)
    until_ms = counted_until(asked.names.site)
    read = _Read.of(asked, until_ms)
    days = asked.part.days
    channels = _most_valuable(read.rows("channel"))
    campaigns = _most_valuable([one for one in read.rows("campaign") if one.keys[0] not in _NO_CAMPAIGN])
    return Overview(
        totals=read.rows("")[0],
        series=read.series(),
        channels=tuple(channels[:_MOST_ROWS]),
        campaigns=tuple(campaigns[:_MOST_ROWS]),
        changed_channels=_changed_most(channels),
        changed_campaigns=_changed_most(campaigns),
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
        notes=notes_of(asked, read.now, read.known.result(), until_ms),
    )


def _most_valuable(rows: Sequence[Row]) -> Sequence[Row]:
    """The most revenue first; a site without sales has the most visits first."""
    return sorted(rows, key=lambda one: (-(one.values[_REVENUE] or 0), -(one.values[_VISITS] or 0), one.keys))


def _changed_most(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Those of which revenue changed most, by amount."""
    changes = [(abs((one.values[_REVENUE] or 0) - (one.before[_REVENUE] or 0)), one) for one in rows if one.before]
    listed = sorted((each for each in changes if each[0]), key=lambda each: (-each[0], each[1].keys))
    return tuple(one for _, one in listed[:_MOST_ROWS])


class _Read:
    """The rollups of a period, and of the one that it is compared with."""

    def __init__(
        self, asked: Asked, now: Rollups, before: Rollups | None, known: Future[list[RollupDayRecord]]
    ) -> None:
        self.asked, self.now, self.before, self.known = asked, now, before, known

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
        first, last = days.first.isoformat(), days.last.isoformat()
        known = begin(lambda: list(known_days(asked.caller.organization_id, first, last)))
        parts = parts_of(asked.part.model)
        now, *before = read_rollups(asked.caller.organization_id, asked.part.site_id, parts, wanted)
        return cls(asked, now, before[0] if before else None, known)

    def series(self) -> tuple[Row, ...]:
        """By interval, the oldest first; `before` is of the interval in the same place of the other period."""
        return tuple(ordered(self.asked, self._rows(self.asked)))

    def rows(self, dimension: str, metrics: tuple[str, ...] = TILES) -> list[Row]:
        """By value of a dimension, of `""` the total alone; most of the first metric first."""
        keys = (dimension,) if dimension else ()
        asked = replace(self.asked, ask=replace(self.asked.ask, metrics=metrics), keys=keys)
        return list(ordered(asked, self._rows(asked)))

    def _rows(self, asked: Asked) -> list[Row]:
        now = compared = sums_of(asked, self.now)
        before = None
        if self.before:
            earlier = replace(asked, part=replace(asked.part, days=self.before.days))
            before = moved(sums_of(earlier, self.before, cut=True), asked, earlier)
        if self.now.until:
            compared = sums_of(asked, self.now, cut=True)
        rows = [row(asked, keys, now, before) for keys in dict.fromkeys((*now, *(before or ())))]
        if compared is not now:
            rows = [replace(one, change=row(asked, one.keys, compared, before).change) for one in rows]
        return rows

    def of_newness(self, dimension: str, metrics: tuple[str, ...]) -> tuple[Row, ...]:
        by_value = {one.keys[0]: one for one in self.rows(dimension, metrics)}
        none: tuple[int, ...] = (0,) * len(metrics)
        compared = (none, (None,) * len(metrics)) if self.before else ((), ())
        return tuple(by_value.get(value) or Row((value,), none, *compared) for value in _NEWNESS)
