"""The SQL of what advertising cost, as questions ask for it (Athena's dialect)."""

from typing import cast, get_args

from optiq.ports.query import Value
from optiq.reports.costs.hours_sql import text
from optiq.reports.costs.rows import CostLevel, CostRows
from optiq.reports.costs.sql import DAY_NUMBER, cost_rows
from optiq.reports.questions.catalogue import ASIDES, DIMENSIONS, Metric
from optiq.reports.questions.filters import condition
from optiq.reports.questions.grouping_sql import aggregates, columns_of, day_bucket, named, ordinals, selected
from optiq.reports.questions.part import Part
from optiq.reports.site_clock import Bucket
from optiq.reports.sql_money import PRICED, RATES_OF_DAYS, converted
from optiq.reports.statements import Sql

MOST_MISSING = 6


def costs(part: Part) -> Sql:
    """The sums of the part's metrics. What has no rate is in no sum of money, and in none that ratios are made of."""
    names = columns_of(part, "ads")
    found = _converted(part)
    no_rate = f"count_if(spend IS NULL AND {_COUNTS})"
    sql = f"""{found.sql}
SELECT {selected(names)}{day_bucket(part, DAY_NUMBER.format(day="day"))} AS bucket, {no_rate} AS no_rate,
    {aggregates(part, _sums(part))}
FROM converted GROUP BY {ordinals(len(names) + 1)}"""  # noqa: S608 - names are ours
    return Sql(sql, found.parameters)


def missing_rates(part: Part) -> Sql:
    """The currencies and days of costs that have no rate, the first MOST_MISSING."""
    found = _converted(part)
    where = f"spend IS NULL AND {_COUNTS}"
    sql = f"{found.sql} SELECT DISTINCT day, currency FROM converted WHERE {where} ORDER BY 1, 2 LIMIT {MOST_MISSING}"  # noqa: S608 - names are ours
    return Sql(sql, found.parameters)


def _converted(part: Part) -> Sql:
    """A WITH, of which `converted` is the last: the rows of costs that fit the filters, with money in our currency."""
    wanted, rows = condition(part.filters, "ads"), cost_rows(_cost_rows(part))
    # Only whether there is any money to convert matters of `priced_micros`.
    any_money = "CASE WHEN spend_micros = 0 THEN coalesce(claimed_revenue_micros, 0) ELSE spend_micros END"
    priced = f"sign(spend_micros) * {converted('spend_micros')} AS spend"
    priced += f", {converted('claimed_revenue_micros')} AS claimed_revenue"
    sql = f"""
WITH {RATES_OF_DAYS},
{rows.sql},
amounts AS (SELECT costs.*, {any_money} AS priced_micros FROM costs),
{PRICED},
converted AS (SELECT priced.*, {priced} FROM priced WHERE {wanted.sql})"""  # noqa: S608 - names are ours
    currencies: list[Value] = [part.currency] * 4
    return Sql(sql, (*part.days.rate_days, *rows.parameters, *currencies, *wanted.parameters))


def cost_level(part: Part) -> CostLevel:
    """The level of connected accounts' rows that a part is summed from."""
    return _cost_rows(part).level


def _cost_rows(part: Part) -> CostRows:
    columns = [DIMENSIONS[name].columns["ads"] for name in named(part) if "ads" in DIMENSIONS[name].columns]
    bucket = cast(Bucket, part.bucket) if part.bucket in get_args(Bucket) else ""
    return CostRows(part.of_site, part.days, part.costs, bucket, columns, part.as_of_ms)


_COUNTS = "counted = 1 AND NOT superseded"


def _sums(part: Part) -> dict[str, str]:
    """The aggregate of each metric, of those in ratios, and of ASIDES."""
    superseded, unread, counted, shifted = (one.name for one in ASIDES)
    left_out = ", ".join(map(text, part.days_out_of_ratios))
    whole = f"{_COUNTS} AND spend IS NOT NULL{f' AND day NOT IN ({left_out})' if left_out else ''}"
    sums = {
        superseded: "CAST(sum(CASE WHEN superseded THEN spend ELSE 0 END) AS DECIMAL(38, 0))",
        unread: "max(unread)",
        counted: "sum(counted)",
        shifted: "sum(shifted)",
    }
    for metric in part.metrics:
        if metric not in ASIDES:
            sums[metric.name] = _sum(metric, whole if metric.in_ratios else _COUNTS)
    return sums


def _sum(metric: Metric, counts: str) -> str:
    column = metric.aggregate
    added = f"sum(CASE WHEN {counts} THEN {column} END)"
    if metric.kind == "MONEY":
        added = f"CAST({added} AS DECIMAL(38, 0))"
    if not metric.claimed:
        return added
    claimants = f"CASE WHEN {counts} AND {column} IS NOT NULL THEN claimant END"
    return f"CASE WHEN min({claimants}) = max({claimants}) THEN {added} END"
