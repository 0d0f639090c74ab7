"""A funnel's numbers in SQL (Athena's dialect)."""

from optiq.reports.behaviour.attempts_sql import timed_steps
from optiq.reports.behaviour.funnel import Funnel, Range
from optiq.reports.site_clock import bucket_number
from optiq.reports.statements import Sql

MOST_VALUES = 10
OTHER = "Other"
OF_BUCKET, OF_VALUE, OF_ALL = 0, 1, 3
"""What a row is of: a bucket of one value, one value, or all."""


def funnel_report(funnel: Funnel, found: Sql, within: Range, data_until_ms: int) -> Sql:
    """The funnel's numbers: of all, of each value of the breakdown, and of each bucket of the site's calendar.

    Columns: level (OF_ALL, OF_VALUE, OF_BUCKET); value (the MOST_VALUES with the most entries, then OTHER); bucket of
    the entry; units at step 1 … K; open: units that may still convert; then p50 and p90 (ms, nearest rank) of the time
    from entry to step 2 … K.

    Args:
        found: the counted attempts, one row a unit.
    """
    last = len(funnel.steps)
    open_units = "false" if not funnel.window_ms else f"depth < {last} AND t + {funnel.window_ms} > {data_until_ms}"
    percentiles = "".join(
        f", {_nearest_rank(f'r{k} - t', f'r{k}', p)} AS step_{k}_p{label}"
        for k in timed_steps(funnel)
        for p, label in (("0.5", "50"), ("0.9", "90"))
    )
    # Of no rows, DuckDB's count_if is NULL.
    steps = ", ".join(f"coalesce(count_if(depth >= {k}), 0) AS step_{k}" for k in range(1, last + 1))
    valued = f"SELECT found.*, '' AS shown FROM ({found.sql}) AS found"  # noqa: S608 - as above
    if funnel.dim:
        reached = "".join(f", r{k}" for k in timed_steps(funnel))
        valued = f"""
SELECT t, depth{reached}, CASE
    WHEN dense_rank() OVER (ORDER BY units DESC, value) <= {MOST_VALUES} THEN value ELSE '{OTHER}' END AS shown
FROM (SELECT found.*, count(*) OVER (PARTITION BY value) AS units FROM ({found.sql}) AS found) AS sized"""  # noqa: S608 - as above
    sets = "(shown, bucket), (shown), ()" if funnel.dim else "(shown, bucket), ()"
    sql = f"""
SELECT grouping(shown, bucket) AS level, shown AS value, bucket, {steps},
    coalesce(count_if({open_units}), 0) AS open{percentiles}
FROM (
    SELECT valued.*, {bucket_number(within.bucket, "t", within.offsets)} AS bucket FROM ({valued}) AS valued
) AS bucketed
GROUP BY GROUPING SETS ({sets})
"""  # noqa: S608 - as above
    return Sql(sql, found.parameters)


def _nearest_rank(value: str, known: str, p: str) -> str:
    """The exact percentile of the values that are known; NULL without any."""
    values = f"array_sort(array_agg({value}) FILTER (WHERE {known} IS NOT NULL))"
    return f"element_at({values}, CAST(ceil(count({known}) * {p}) AS BIGINT))"
