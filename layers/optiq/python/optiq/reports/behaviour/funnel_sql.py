"""A funnel's numbers in SQL (Athena's dialect)."""

from optiq.reports.behaviour.attempts_sql import counted_attempts, timed_steps
from optiq.reports.behaviour.funnel import Funnel, Range
from optiq.reports.site_clock import bucket_number
from optiq.reports.statements import Sql

MOST_VALUES = 10
OTHER = "Other"


def funnel_report(funnel: Funnel, source: Sql, within: Range, data_until_ms: int) -> Sql:
    """The funnel's numbers, for each value of the breakdown and each bucket of the site's calendar.

    Columns: value (the MOST_VALUES with the most entries, then OTHER); bucket of the entry; units at step 1 … K; open:
    units that may still convert; then p50 and p90 (ms, nearest rank) of the time from entry to step 2 … K: over all,
    and over the value. A percentile stands in the one row that holds the unit it belongs to.
    """
    found = counted_attempts(funnel, source, within)
    last = len(funnel.steps)
    timed = timed_steps(funnel)
    open_units = "false" if not funnel.window_ms else f"depth < {last} AND t + {funnel.window_ms} > {data_until_ms}"
    ranks = ", ".join(
        f"row_number() OVER ({part} ORDER BY r{k} - t NULLS LAST, unit) AS {name}{k}, "
        f"count(r{k}) OVER ({part}) AS {name}n{k}"
        for part, name in (("", "a"), ("PARTITION BY value", "v"))
        for k in timed
    )
    percentiles = ", ".join(
        f"max(CASE WHEN {name}{k} = CAST(ceil({name}n{k} * {p}) AS BIGINT) THEN r{k} - t END) AS {name}{k}_p{label}"
        for name in ("a", "v")
        for k in timed
        for p, label in (("0.5", "50"), ("0.9", "90"))
    )
    reached = ", ".join(f"r{k}" for k in timed)
    steps = ", ".join(f"count_if(depth >= {k}) AS step_{k}" for k in range(1, last + 1))
    sql = f"""
SELECT value, bucket, {steps}, count_if({open_units}) AS open, {percentiles}
FROM (
    SELECT valued.*, {bucket_number(within.bucket, "t", within.offsets)} AS bucket, {ranks}
    FROM (
        SELECT sized.unit, t, depth, {reached}, CASE
            WHEN dense_rank() OVER (ORDER BY units DESC, value) <= {MOST_VALUES} THEN value ELSE '{OTHER}' END AS value
        FROM (SELECT found.*, count(*) OVER (PARTITION BY value) AS units FROM ({found.sql}) AS found) AS sized
    ) AS valued
) AS ranked
GROUP BY value, bucket
"""  # noqa: S608 - as above
    return Sql(sql, found.parameters)
