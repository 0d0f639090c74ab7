"""Counts days of sites from the lake, as questions do."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from optiq.ports import wiring
from optiq.ports.query import Value, stamp_of
from optiq.reports.costs.accounts import NONE
from optiq.reports.questions.catalogue import CATALOGUE
from optiq.reports.questions.part import EVERY_SITE, Part
from optiq.reports.questions.rows import label
from optiq.reports.questions.sources_sql import statement
from optiq.reports.rollups.parts import (
    ADS,
    DIMENSIONS,
    MODELS,
    MOST_READ,
    MOST_VALUES,
    NUMBERS,
    OTHER,
    VISITS,
    source_of,
)
from optiq.reports.rollups.planning import Planned
from optiq.reports.rollups.records import Sections
from optiq.reports.statements import Sql

_DECIMALS = 12
"""Sums of weights are floats, added in any order: what is beyond differs each time. Sums of these are shown with 9."""
_TOGETHER = ((VISITS,), (ADS,), MODELS)
_Sums = dict[str, dict[str, list[float | int]]]


class Row(NamedTuple):
    """Numbers of a part by the values of its dimensions; `hour` is -1 where a part has none."""

    part: str
    hour: int
    keys: tuple[str, ...]
    numbers: tuple[float | int, ...]


class SiteDay:
    """What is counted of a site's day."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in sorted(rows):
            self._rows[row.part].append(row)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(sorted(self._rows))

    @property
    def digest(self) -> str:
        """Another text for other figures."""
        return stamp_of([*self._rows.items()])[:16]

    def whole(self, part: str) -> Sections:
        count = _Count(part)
        for row in self._rows.get(part, ()):
            count.add(row)
        return count.sections

    def by_hour(self, part: str) -> Mapping[str, Sections]:
        hours: dict[str, _Count] = {}
        for row in self._rows.get(part, ()):
            hours.setdefault(str(row.hour), _Count(part)).add(row)
        return {hour: count.sections for hour, count in hours.items()}


class _Count:
    """What is counted of a day, or of one of its hours, under way."""

    def __init__(self, part: str) -> None:
        self.names = DIMENSIONS[source_of(part)]
        self.size = len(NUMBERS[source_of(part)]) + 1
        self.sums: _Sums = {name: {} for name in ("", *self.names)}

    def add(self, row: Row) -> None:
        for name, value in zip(("", *self.names), ("", *row.keys), strict=True):
            sums = self.sums[name].setdefault(value, [0] * self.size)
            for place, number in enumerate(row.numbers):
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


def count_days(organization_id: str, planned: Planned) -> dict[str, dict[str, SiteDay]]:
    """By day and site, those with figures: one statement a source for all sites. Raises UpstreamError."""
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for site_id, day, row in _rows(organization_id, planned):
        found[day, site_id].append(row)
    days: defaultdict[str, dict[str, SiteDay]] = defaultdict(dict)
    for (day, site_id), rows in found.items():
        days[day][site_id] = SiteDay(rows)
    return days


def statements(planned: Planned, site_id: str = EVERY_SITE) -> Iterator[Sql]:
    """One for each source: what reads the same files costs Athena's start once."""
    for parts in _TOGETHER:
        found = {
            part: _folded(part, statement(source_of(part), _asked(planned, part, site_id)), site_id) for part in parts
        }
        selects = [f"SELECT '{part}' AS part, found.* FROM ({one.sql}) AS found" for part, one in found.items()]  # noqa: S608 - names are ours
        sql = " UNION ALL ".join(selects)
        if site_id == EVERY_SITE and not planned.all_sites:
            listed = ", ".join(f"'{each}'" for each in sorted(planned.site_ids))
            sql = f"SELECT * FROM ({sql}) AS counted WHERE key0 IN ({listed})"  # noqa: S608 - ids are ours
        yield Sql(sql, tuple(value for one in found.values() for value in one.parameters))


def _folded(part: str, found: Sql, site_id: str) -> Sql:
    """The lines of a part with the campaigns of each day beyond MOST_READ as OTHER: anybody may send any number."""
    dimensions = DIMENSIONS[source_of(part)]
    sites = 1 if site_id == EVERY_SITE else 0
    keys = [f"key{place}" for place in range(len(dimensions) + sites)]
    campaign = keys[sites + dimensions.index("campaign")]
    day = "bucket" if part == ADS else "bucket - bucket % 24"
    of_day = ", ".join([*keys[:sites], day])
    numbers = NUMBERS[source_of(part)]
    taken = [
        f"CASE WHEN place <= {MOST_READ} THEN {key} ELSE '{OTHER}' END" if key == campaign else key for key in keys
    ]
    selected = [f"{value} AS {key}" for key, value in zip(keys, taken, strict=True)]
    sums = [f"sum({name}) AS {name}" for name in ("no_rate", *numbers)]
    sql = f"""
SELECT {", ".join(selected)}, bucket, {", ".join(sums)}
FROM (
    SELECT weighed.*, dense_rank() OVER (PARTITION BY {of_day} ORDER BY weight_of_day DESC, {campaign}) AS place
    FROM (
        SELECT found.*, sum(abs(coalesce({numbers[-1]}, 0))) OVER (PARTITION BY {of_day}, {campaign}) AS weight_of_day
        FROM ({found.sql}) AS found
    ) AS weighed
) AS placed
GROUP BY {", ".join(map(str, range(1, len(keys) + 2)))}"""  # noqa: S608 - names are ours
    return Sql(sql, found.parameters)


def _rows(organization_id: str, planned: Planned) -> Iterator[tuple[str, str, Row]]:
    for parts, found in zip(_TOGETHER, statements(planned), strict=True):
        width = len(DIMENSIONS[source_of(parts[0])])
        for line in wiring.query().run(found.sql, organization_id, found.parameters).rows:
            part, site_id, *values = line
            day, hour = _place(str(part), int(str(values[width])))
            no_rate, *numbers = map(_number, values[width + 1 :])
            yield str(site_id), day, Row(str(part), hour, tuple(map(str, values[:width])), (*numbers, no_rate))


def _place(part: str, bucket: int) -> tuple[str, int]:
    """The day and the hour of a bucket."""
    if part == ADS:
        return label("DAY", bucket), -1
    day, _, clock = label("HOUR", bucket).partition("T")
    return day, int(clock[:2])


def _asked(planned: Planned, part: str, site_id: str) -> Part:
    source = source_of(part)
    return Part(
        site_id=site_id,
        currency=planned.currency,
        days=planned.days,
        dimensions=DIMENSIONS[source],
        bucket="DAY" if part == ADS else "HOUR",
        filters=(),
        metrics=tuple(CATALOGUE.metrics[name] for name in NUMBERS[source]),
        model=part if source == "ledger" else "",
        costs=planned.costs if source == "ads" else NONE,
    )


def _number(value: Value) -> float | int:
    if isinstance(value, float):
        return round(value, _DECIMALS)
    return value if isinstance(value, int) else 0
