"""Counts the days of a site from the lake, as questions do."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from optiq.ports import wiring
from optiq.ports.query import Value
from optiq.reports.domain import DayRange
from optiq.reports.questions.catalogue import CATALOGUE
from optiq.reports.questions.rows import label
from optiq.reports.questions.sources_sql import Part, statement
from optiq.reports.rollups.parts import ADS, DIMENSIONS, MODELS, MOST_VALUES, NUMBERS, OTHER, VISITS, source_of
from optiq.reports.rollups.records import Sections
from optiq.reports.statements import Sql

_Sums = dict[str, dict[str, list[float | int]]]


class Count:
    """What is counted of a day, or of one of its hours, under way."""

    def __init__(self, part: str) -> None:
        self.names = DIMENSIONS[source_of(part)]
        self.size = len(NUMBERS[source_of(part)]) + 1
        self.sums: _Sums = {name: {} for name in ("", *self.names)}

    def add(self, keys: Sequence[str], numbers: Sequence[float | int]) -> None:
        for name, value in zip(("", *self.names), ("", *keys), strict=True):
            sums = self.sums[name].setdefault(value, [0] * self.size)
            for place, number in enumerate(numbers):
                sums[place] += number

    @property
    def sections(self) -> Sections:
        return {name: {value: tuple(sums) for value, sums in self._most(name).items()} for name in self.sums}

    def _most(self, name: str) -> dict[str, list[float | int]]:
        """The values with the largest numbers, the rest together as OTHER."""
        found = self.sums[name]
        if len(found) <= MOST_VALUES:
            return found
        ranked = sorted(found, key=lambda value: (-abs(found[value][-2]), -abs(found[value][0]), value))
        kept = {value: list(found[value]) for value in ranked[:MOST_VALUES]}
        rest = kept.setdefault(OTHER, [0] * self.size)
        for value in ranked[MOST_VALUES:]:
            for place, number in enumerate(found[value]):
                rest[place] += number
        return kept


class DayCounts:
    """A part of some days, whole and by hour. A part without hours has none."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.days: defaultdict[str, Count] = defaultdict(lambda: Count(part))
        self.hours: defaultdict[str, dict[str, Count]] = defaultdict(dict)

    def add(self, bucket: int, keys: Sequence[str], numbers: Sequence[float | int]) -> None:
        if self.part == ADS:
            self.days[label("DAY", bucket)].add(keys, numbers)
            return
        day, _, clock = label("HOUR", bucket).partition("T")
        self.days[day].add(keys, numbers)
        self.hours[day].setdefault(str(int(clock[:2])), Count(self.part)).add(keys, numbers)


def count_days(organization_id: str, site_id: str, currency: str, days: DayRange) -> Mapping[str, DayCounts]:
    """By part, those with rows. Raises UpstreamError."""
    counted: defaultdict[str, DayCounts] = defaultdict(lambda: DayCounts(""))
    for part, keys, bucket, numbers in _rows(organization_id, site_id, currency, days):
        if part not in counted:
            counted[part] = DayCounts(part)
        counted[part].add(bucket, keys, numbers)
    return dict(counted)


def _rows(
    organization_id: str, site_id: str, currency: str, days: DayRange
) -> Iterator[tuple[str, list[str], int, list[float | int]]]:
    for parts in ((VISITS,), (ADS,), MODELS):
        found = _together({part: statement(source_of(part), _asked(site_id, currency, days, part)) for part in parts})
        width = len(DIMENSIONS[source_of(parts[0])])
        for line in wiring.query().run(found.sql, organization_id, found.parameters).rows:
            part, *values = line
            keys = [str(value) for value in values[:width]]
            no_rate, *numbers = map(_number, values[width + 1 :])
            yield str(part), keys, int(str(values[width])), [*numbers, no_rate]


def _asked(site_id: str, currency: str, days: DayRange, part: str) -> Part:
    source = source_of(part)
    return Part(
        site_id=site_id,
        currency=currency,
        days=days,
        dimensions=DIMENSIONS[source],
        bucket="DAY" if part == ADS else "HOUR",
        filters=(),
        metrics=tuple(CATALOGUE.metrics[name] for name in NUMBERS[source]),
        model=part if source == "ledger" else "",
    )


def _together(statements: Mapping[str, Sql]) -> Sql:
    """One statement: what reads the same files costs Athena's start once."""
    selects = [f"SELECT '{part}' AS part, found.* FROM ({one.sql}) AS found" for part, one in statements.items()]  # noqa: S608 - names are ours
    return Sql(" UNION ALL ".join(selects), tuple(value for one in statements.values() for value in one.parameters))


def _number(value: Value) -> float | int:
    return value if isinstance(value, int | float) else 0
