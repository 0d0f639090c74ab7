"""The touches of conversions in SQL (Athena's dialect), of the ledger's latest credits."""

from dataclasses import dataclass

from optiq.attribution.lake import CREDITS
from optiq.kernel.clock import DAY_MS, HOUR_MS
from optiq.kernel.lake_tables import latest_rows
from optiq.ports.query import timestamp_text
from optiq.reports.domain import DayRange
from optiq.reports.questions.catalogue import DIMENSIONS
from optiq.reports.questions.filters import Filters, condition, dimensions_in
from optiq.reports.questions.firsts_sql import first_conversions
from optiq.reports.questions.ledger_values import ledger_value
from optiq.reports.questions.resolved_sql import OF_PLATFORMS, resolved_touches
from optiq.reports.site_clock import milliseconds
from optiq.reports.statements import Sql

BINS = ("0", "<1h", "<1d", "1-3d", "4-7d", "8-14d", "15-30d", "31-60d", "61-90d", ">90d")
_BELOW_MS = (1, HOUR_MS, DAY_MS, 4 * DAY_MS, 8 * DAY_MS, 15 * DAY_MS, 31 * DAY_MS, 61 * DAY_MS, 91 * DAY_MS, 1 << 60)
BETWEEN = "\x1f"
"""Stands between the values of a set."""


@dataclass(frozen=True, slots=True)
class Conversions:
    """Those of a site's days, of a name or all for "", of which a touch matches all filters."""

    site_id: str
    days: DayRange
    name: str
    filters: Filters = ()

    @property
    def reads_ever(self) -> bool:
        """Whether conversions of all days before tell who is new."""
        return "customer" in dimensions_in(self.filters)


def lags(of: Conversions) -> Sql:
    """One row: conversions, with a touch; then of first and last touch: p50, p90 and the count of each of BINS."""
    found = _touches(of, ())
    ranks = ", ".join(f"row_number() OVER (ORDER BY {which} NULLS LAST) AS {which}_rank" for which in ("first", "last"))
    sums = []
    for which in ("first", "last"):
        for p in ("0.5", "0.9"):
            sums.append(f"max(CASE WHEN {which}_rank = CAST(ceil(touched * {p}) AS BIGINT) THEN {which} END)")
        lower = "0"
        for below in _BELOW_MS:
            sums.append(f"count_if({which} >= {lower} AND {which} < {below})")
            lower = str(below)
    columns = ", ".join(f"{text} AS c{number}" for number, text in enumerate(sums))
    sql = f"""
WITH paths AS (
    SELECT conversion_id, max(at) - min(touched_at) AS first, max(at) - max(touched_at) AS last
    FROM ({found.sql}) AS found GROUP BY conversion_id
),
ranked AS (SELECT paths.*, {ranks}, count(first) OVER () AS touched FROM paths)
SELECT count(*) AS conversions, count(first) AS with_touch, {columns} FROM ranked"""  # noqa: S608 - names are ours
    return Sql(sql, found.parameters)


def sets(of: Conversions, column: str) -> Sql:
    """Columns: the values of a set with BETWEEN between them, NULL for no touch; the last one; conversions."""
    found = _touches(of, (column,))
    sql = f"""
WITH touches AS (
    SELECT conversion_id, {column} AS value, touched_at IS NOT NULL AS touched, position FROM ({found.sql}) AS found
),
valued AS (
    SELECT conversion_id, CASE WHEN touched THEN coalesce(value, '') END AS value, max(position) AS latest
    FROM touches GROUP BY 1, 2
),
paths AS (
    SELECT conversion_id, array_join(array_agg(value ORDER BY value), chr(31)) AS path_values,
        max_by(value, latest) AS last_value
    FROM valued GROUP BY conversion_id
)
SELECT path_values, last_value, count(*) AS conversions FROM paths GROUP BY 1, 2"""  # noqa: S608 - names are ours
    return Sql(sql, found.parameters)


def _touches(of: Conversions, columns: tuple[str, ...]) -> Sql:
    """Rows of the latest credits: conversion_id, at and touched_at (ms; NULL for no touch), position, the columns."""
    named = " AND name = ?" if of.name else ""
    where = (
        "site_id = ? AND dt BETWEEN ? AND ? AND conversion_at >= CAST(? AS TIMESTAMP)"
        f" AND conversion_at < CAST(? AS TIMESTAMP){named}"
    )
    asked = dimensions_in(of.filters)
    own = {name: DIMENSIONS[name].columns["ledger"] for name in asked}
    of_credits = (column for column in own.values() if column not in OF_PLATFORMS)
    of_filters = ("customer_id" if column == "customer" else column for column in of_credits)
    always = ("site_id", "conversion_id", "conversion_at", "touch_id", "touch_at", "position", "deleted")
    read = tuple(dict.fromkeys((*always, *columns, *of_filters)))
    of_days = of.days.utc_days
    firsts = first_conversions(Sql("site_id = ?", (of.site_id,)), of_days[1]) if of.reads_ever else Sql("")
    is_resolved = not {*OF_PLATFORMS}.isdisjoint(own.values())
    resolved = resolved_touches(Sql("site_id = ?", (of.site_id,)), *of_days) if is_resolved else Sql("")
    taken = "".join(f", {column}" for column in columns)
    told = "".join(f", {ledger_value(column)} AS f{number}" for number, column in enumerate(own.values()))
    sql = f"""
SELECT conversion_id, position, {milliseconds("conversion_at")} AS at,
    CASE WHEN touch_id <> '' THEN {milliseconds("touch_at")} END AS touched_at{taken}{told}
FROM ({latest_rows(CREDITS, where, read)}) AS found {firsts.sql}{resolved.sql} WHERE NOT coalesce(deleted, false)"""  # noqa: S608 - names are ours
    start, end = (timestamp_text(instant) for instant in of.days.bounds_ms)
    rows = Sql(
        sql,
        (of.site_id, *of_days, start, end, *([of.name] if of.name else []), *firsts.parameters, *resolved.parameters),
    )
    return _matching(rows, condition(of.filters, "ledger", {name: f"f{n}" for n, name in enumerate(asked)}), columns)


def _matching(rows: Sql, wanted: Sql, columns: tuple[str, ...]) -> Sql:
    """All rows of the conversions of which one row is wanted."""
    taken = "".join(f", {column}" for column in columns)
    sql = f"""
SELECT conversion_id, position, at, touched_at{taken}
FROM (
    SELECT touches_found.*, max(CASE WHEN {wanted.sql} THEN 1 ELSE 0 END) OVER (PARTITION BY conversion_id) AS wanted
    FROM ({rows.sql}) AS touches_found
) AS judged WHERE wanted = 1"""  # noqa: S608 - names are ours
    return Sql(sql, (*wanted.parameters, *rows.parameters)) if wanted.sql != "true" else rows
