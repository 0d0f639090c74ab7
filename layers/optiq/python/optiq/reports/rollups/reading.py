"""Sums of rollups over days, until an hour of one of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from operator import add
from typing import TypeVar

from optiq.kernel.clock import parse_day
from optiq.kernel.keys import Key
from optiq.reports import keys
from optiq.reports.domain import DayRange
from optiq.reports.questions.contracts import Number
from optiq.reports.records import complete_until
from optiq.reports.rollups.parts import ADS, NUMBERS, source_of
from optiq.reports.rollups.records import HOURS, RollupRecord, Section, Sections
from optiq.tenancy.contracts import Site

_READS = ThreadPoolExecutor(8, thread_name_prefix="rollups")
"""Kept from answer to answer: on a busy machine a new thread waits longer than it reads."""
T = TypeVar("T")
Sums = dict[str, dict[str, Number]]
"""Metrics by value; `no_rate` is how many conversions and rows of spend are in no money."""


def counted_until(site: Site) -> int:
    """What was in the lake by then is in a site's rollups: an instant in milliseconds; 0 before its first ones.

    A run counts all sites of an organization, so it says nothing of a site that was made after it.
    """
    until_ms = complete_until(keys.rollups_state(site.organization_id))
    return until_ms if until_ms >= site.created_ms else 0


@dataclass(frozen=True, slots=True)
class Until:
    """Days after this one are left out, and of it what happened in this hour of the site's clock and later."""

    day: str
    hour: int


@dataclass(frozen=True, slots=True)
class Rollups:
    """The rollups of some days.

    Attributes:
        parts: by part and day. until: where the days are cut, if they are.
        hours: by part, the hours of the last day before the cut.
    """

    days: DayRange
    parts: Mapping[str, Mapping[str, Sections]]
    until: Until | None
    hours: Mapping[str, Sequence[Sections]]

    def sums(self, dimension: str, *, cut: bool = False, without: Collection[str] = ()) -> Sums:
        """By value of a dimension; of `""` by `""`, the total. Spend is known by whole days.

        Args:
            without: days that are left out.
        """
        return _named(
            (
                part,
                [
                    of_day.get(dimension, {})
                    for day, of_day in self._until(part, sections, self.until if cut else None)
                    if day not in without
                ],
            )
            for part, sections in self.parts.items()
        )

    @property
    def total(self) -> Mapping[str, Number]:
        return self.sums("").get("", {})

    def by_day(self, *, cut: bool = False) -> Sums:
        """The totals of each day. Spend is known by whole days."""
        return _named(
            (
                part,
                [
                    {day: numbers}
                    for day, of_day in self._until(part, sections, self.until if cut else None)
                    for numbers in of_day.get("", {}).values()
                ],
            )
            for part, sections in self.parts.items()
        )

    def _until(
        self, part: str, sections: Mapping[str, Sections], until: Until | None
    ) -> Iterator[tuple[str, Sections]]:
        for day, of_day in sections.items():
            if until is None or day < until.day or part == ADS:
                yield day, of_day
        if until is not None:
            yield from ((until.day, of_hour) for of_hour in self.hours.get(part, ()))


def begin(read: Callable[[], T]) -> Future[T]:
    """Reads beside what is read already."""
    return _READS.submit(read)


def read_rollups(
    organization_id: str, site_id: str, parts: Sequence[str], wanted: Sequence[tuple[DayRange, Until | None]]
) -> list[Rollups]:
    """The rollups of several periods, each with where it is cut; all reads at once."""
    hours = {
        keys.rollup(organization_id, site_id, f"{part}#{HOURS}", until.day): (part, until)
        for _, until in wanted
        if until
        for part in parts
        if part != ADS
    }
    of_hours = begin(lambda: {Key(one.pk, one.sk): one.hours for one in RollupRecord.batch_get([*hours])})
    of_ranges = [
        {part: _READS.submit(_read, organization_id, site_id, part, *each) for part in parts}
        for each in _ranges([days for days, _ in wanted])
    ]
    of_parts: dict[str, dict[str, Sections]] = {part: {} for part in parts}
    for found in of_ranges:
        for part, sections in found.items():
            of_parts[part] |= sections.result()
    found_hours = of_hours.result()
    cuts: dict[tuple[str, Until], list[Sections]] = {
        place: [of_hour for hour, of_hour in found_hours.get(key, {}).items() if int(hour) < place[1].hour]
        for key, place in hours.items()
    }
    return [
        Rollups(
            days,
            {part: _within(days, sections) for part, sections in of_parts.items()},
            until,
            {part: cuts.get((part, until), []) for part in parts} if until else {},
        )
        for days, until in wanted
    ]


def _ranges(periods: Sequence[DayRange]) -> list[tuple[date, date]]:
    """The days to read, from the oldest; periods that touch are read as one."""
    found: list[tuple[date, date]] = []
    for days in sorted(periods, key=lambda each: each.first):
        if found and (days.first - found[-1][1]).days <= 1:
            found[-1] = (found[-1][0], max(found[-1][1], days.last))
        else:
            found.append((days.first, days.last))
    return found


def _within(days: DayRange, sections: Mapping[str, Sections]) -> dict[str, Sections]:
    first, last = days.first.isoformat(), days.last.isoformat()
    return {day: of_day for day, of_day in sections.items() if first <= day <= last}


def _read(organization_id: str, site_id: str, part: str, first: date, last: date) -> dict[str, Sections]:
    start, end = (keys.rollup(organization_id, site_id, part, day.isoformat()) for day in (first, last))
    found = RollupRecord.query(start.pk, RollupRecord.sk.between(start.sk, end.sk))
    return {record.sk: record.sections for record in found}


def _named(found: Iterable[tuple[str, Sequence[Section]]]) -> Sums:
    """The sums of each part's sections by value, under the names of its numbers."""
    named: defaultdict[str, dict[str, Number]] = defaultdict(dict)
    for part, sections in found:
        added: dict[str, list[float | int]] = {}
        for section in sections:
            for value, numbers in section.items():
                before = added.get(value)
                added[value] = list(numbers) if before is None else list(map(add, before, numbers))
        names = NUMBERS[source_of(part)]
        for value, totals in added.items():
            sums, no_rate = named[value], totals[len(names)]
            sums.update(zip(names, totals, strict=False))
            sums["no_rate"] = (sums.get("no_rate") or 0) + no_rate
    return dict(named)


def moved_back(until: Until, days: DayRange, earlier: DayRange) -> Until:
    """The same hour of the day as far from the end of another period."""
    ago = (days.last - parse_day(until.day)).days
    return Until((earlier.last - timedelta(days=ago)).isoformat(), until.hour)
