"""Sums of rollups over days, until an hour of one of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from optiq.kernel.clock import parse_day
from optiq.reports import keys
from optiq.reports.domain import DayRange
from optiq.reports.questions.contracts import Number
from optiq.reports.rollups.parts import ADS, NUMBERS, parts_of, source_of
from optiq.reports.rollups.records import HOURS, RollupRecord, Sections

Sums = dict[str, dict[str, Number]]
"""Metrics by value; `no_rate` is how many conversions and rows of spend are in no money."""


@dataclass(frozen=True, slots=True)
class Until:
    """Days after this one are left out, and of it what happened in this hour of the site's clock and later."""

    day: str
    hour: int


@dataclass(frozen=True, slots=True)
class Rollups:
    """The rollups of some days, read: by part and day."""

    organization_id: str
    site_id: str
    days: DayRange
    parts: Mapping[str, Mapping[str, Sections]]

    @classmethod
    def read(cls, organization_id: str, site_id: str, model: str, days: DayRange) -> "Rollups":
        found = {part: dict(_read(organization_id, site_id, part, days)) for part in parts_of(model)}
        return cls(organization_id, site_id, days, found)

    def sums(self, dimension: str, until: Until | None = None) -> Sums:
        """By value of a dimension; of `""` by `""`, the total. Spend is known by whole days."""
        found: defaultdict[str, dict[str, Number]] = defaultdict(dict)
        for part, sections in self.parts.items():
            for of_day in self._until(part, sections, until):
                _add(found, part, of_day.get(dimension, {}))
        return dict(found)

    @property
    def total(self) -> Mapping[str, Number]:
        return self.sums("").get("", {})

    def by_day(self) -> Sums:
        found: defaultdict[str, dict[str, Number]] = defaultdict(dict)
        for part, sections in self.parts.items():
            for day, of_day in sections.items():
                _add(found, part, dict(zip((day,), of_day[""].values(), strict=False)))
        return dict(found)

    def _until(self, part: str, sections: Mapping[str, Sections], until: Until | None) -> Iterator[Sections]:
        for day, of_day in sections.items():
            if until is None or day < until.day or part == ADS:
                yield of_day
            elif day == until.day:
                yield from self._of_hours(part, until)

    def _of_hours(self, part: str, until: Until) -> Iterator[Sections]:
        key = keys.rollup(self.organization_id, self.site_id, f"{part}#{HOURS}", until.day)
        try:
            hours = RollupRecord.get(*key).hours
        except RollupRecord.DoesNotExist:
            return
        yield from (of_hour for hour, of_hour in hours.items() if int(hour) < until.hour)


def _read(organization_id: str, site_id: str, part: str, days: DayRange) -> Iterator[tuple[str, Sections]]:
    start, end = (keys.rollup(organization_id, site_id, part, day.isoformat()) for day in (days.first, days.last))
    for record in RollupRecord.query(start.pk, RollupRecord.sk.between(start.sk, end.sk)):
        yield record.sk, record.sections


def _add(found: defaultdict[str, dict[str, Number]], part: str, section: Mapping[str, object]) -> None:
    names = (*NUMBERS[source_of(part)], "no_rate")
    for value, numbers in section.items():
        sums = found[value]
        assert isinstance(numbers, list)
        for name, number in zip(names, numbers, strict=True):
            sums[name] = (sums.get(name) or 0) + number


def moved_back(until: Until, days: DayRange, earlier: DayRange) -> Until:
    """The same hour of the day as far from the end of another period."""
    ago = (days.last - parse_day(until.day)).days
    return Until((earlier.last - timedelta(days=ago)).isoformat(), until.hour)
