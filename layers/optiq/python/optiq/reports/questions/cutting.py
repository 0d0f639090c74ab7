"""Answers of more rows than are read: the engine joins the sources, sorts, adds up, and gives the rows asked for.

Anybody may send any number of values of a dimension, so how many rows there are must cost no memory here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from optiq.ports import wiring
from optiq.ports.query import Value
from optiq.reports.questions.asked import Asked
from optiq.reports.questions.catalogue import BUCKETS, CATALOGUE, UNREAD, Metric, is_of_ads, parts_of
from optiq.reports.questions.contracts import Number
from optiq.reports.questions.rows import WEIGHT_DECIMALS, Sums, buckets, number_of_label, row_keys
from optiq.reports.questions.sources_sql import statement
from optiq.reports.statements import Sql

MOST_LINES = 10_000
"""Rows of one source that are read. Of more, the engine gives those that are listed."""
_NOW, _BEFORE = "now", "before"


@dataclass(frozen=True, slots=True)
class Table:
    """The sums of the rows that are listed, and of all of them together.

    Attributes:
        before: of the period compared with, under the keys of `now`; None without one.
        added: the sums over all rows, by period.
        count: how many rows there are. without_rate: conversions and days of spend in no money, in all rows.
    """

    now: Sums
    before: Sums | None
    added: tuple[dict[str, Number], ...]
    count: int
    without_rate: float


def cut(asked: Asked, earlier: Asked | None) -> Table:
    """The rows of a question that are to be listed. Raises UpstreamError when the lake cannot be read."""
    names = [metric.name for metrics in asked.sums.values() for metric in metrics]
    periods = (_NOW, _BEFORE) if earlier else (_NOW,)
    sql = _statement(asked, earlier, names, periods)
    lines = wiring.query().run(sql.sql, asked.caller.organization_id, sql.parameters).rows
    width = len(asked.part.dimensions)
    sums: dict[str, Sums] = {period: {} for period in periods}
    added: dict[str, dict[str, Number]] = {period: dict.fromkeys(names, 0) for period in periods}
    count = without_rate = 0.0
    for line in lines:
        keys = row_keys(asked, [str(value) for value in line[:width]], line[width])
        count, without_rate = float(line[width + 1] or 0), float(line[width + 2] or 0)
        numbers = iter(line[width + 3 :])
        for period in periods:
            sums[period][keys] = {name: _number(next(numbers)) for name in names}
        for period in periods:
            added[period] = {name: _number(next(numbers)) for name in names}
    return Table(
        now=sums[_NOW],
        before=sums.get(_BEFORE),
        added=tuple(added[period] for period in periods),
        count=round(count),
        without_rate=round(without_rate, WEIGHT_DECIMALS),
    )


def _number(value: Value) -> Number:
    return value if isinstance(value, int | float) else None


def _statement(asked: Asked, earlier: Asked | None, names: Sequence[str], periods: Sequence[str]) -> Sql:
    """Columns: the dimensions; the bucket; how many rows there are; without a rate in all; the sums of each period; and
    those of all rows."""
    keys = [*(f"key{place}" for place in range(len(asked.part.dimensions))), "bucket"]
    columns = [f"{period}_{name}" for period in periods for name in names]
    parts = [*_parts(asked, _NOW, keys, columns), *(_parts(earlier, _BEFORE, keys, columns, asked) if earlier else ())]
    joined = ", ".join(f"max({column}) AS {column}" for column in columns)
    in_all = ", ".join(f"sum({column}) OVER () AS all_{column}" for column in columns)
    sql = f"""
SELECT {", ".join(keys)}, row_count, all_no_rate, {", ".join((*columns, *(f"all_{column}" for column in columns)))}
FROM (
    SELECT joined.*, sum(1 - unplaced) OVER () AS row_count, sum(no_rate) OVER () AS all_no_rate, {in_all}
    FROM (
        SELECT {", ".join(keys)}, unplaced, sum(no_rate) AS no_rate, {joined}
        FROM ({" UNION ALL ".join(part.sql for part in parts)}) AS lines
        GROUP BY {", ".join(keys)}, unplaced
    ) AS joined
) AS added_up
WHERE unplaced = 0
ORDER BY {", ".join(_order(asked, keys))}
LIMIT {asked.ask.limit}"""  # noqa: S608 - names are ours
    return Sql(sql, tuple(value for part in parts for value in part.parameters))


def _parts(
    asked: Asked, period: str, keys: Sequence[str], columns: Sequence[str], beside: Asked | None = None
) -> Iterator[Sql]:
    """The lines of each source of a period; buckets of one that is compared are those they are `beside`."""
    for source, metrics in asked.sums.items():
        found = statement(source, replace(asked.part, metrics=metrics))
        known = {f"{period}_{metric.name}": metric.name for metric in metrics}
        taken = ", ".join(f"{known.get(column, 'NULL')} AS {column}" for column in columns)
        own, places = "bucket, 0 AS unplaced", ""
        if beside is not None and asked.part.bucket:
            # What has no bucket to be compared with is in the totals alone.
            own = "now_bucket AS bucket, CASE WHEN now_bucket IS NULL THEN 1 ELSE 0 END AS unplaced"
            values = _places(asked, beside)
            places = f" LEFT JOIN (VALUES {values}) AS places (then_bucket, now_bucket) ON bucket = then_bucket"
        no_rate = "no_rate" if period == _NOW else "0 AS no_rate"
        selected = ", ".join([*keys[:-1], own, no_rate, taken])
        yield Sql(f"SELECT {selected} FROM ({found.sql}) AS found{places}", found.parameters)  # noqa: S608


def _places(earlier: Asked, asked: Asked) -> str:
    """The buckets of a period by their place, each with the one that it is compared with."""
    bucket = asked.part.bucket
    pairs = zip(buckets(bucket, earlier.part.days), buckets(bucket, asked.part.days), strict=False)
    return ", ".join(f"({number_of_label(bucket, then)}, {number_of_label(bucket, now)})" for then, now in pairs)


def _order(asked: Asked, keys: Sequence[str]) -> Iterator[str]:
    """As rows.ordered sorts."""
    given = iter(keys[:-1])
    columns = ["bucket" if name in BUCKETS else next(given) for name in asked.keys]
    order = asked.ask.order or f"-{asked.ask.metrics[0]}"
    name, direction = order.removeprefix("-"), "DESC" if order.startswith("-") else "ASC"
    if name in asked.keys:
        yield f"{columns[asked.keys.index(name)]} {direction}"
        yield from (f"{column} {direction}" for column in columns)
        return
    value = _value(CATALOGUE.metrics[name])
    yield f"CASE WHEN {value} IS NULL THEN 1 ELSE 0 END"
    yield f"{value} {direction}"
    yield from columns


def _value(metric: Metric) -> str:
    parts = [f"coalesce({_NOW}_{part.name}, 0)" for part in parts_of(metric)]
    if not metric.numerator:
        return parts[0]
    numerator, denominator = parts
    quotient = f"CAST({numerator} AS DOUBLE) * {metric.factor} / nullif(CAST({denominator} AS DOUBLE), 0)"
    is_known = f"coalesce({_NOW}_{UNREAD}, 0) = 0" if is_of_ads(metric) else "true"
    return f"CASE WHEN {is_known} THEN {quotient} END"
