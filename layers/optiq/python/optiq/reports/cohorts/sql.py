"""Conversions by cohort of their person, in SQL (Athena's dialect), of the ledger's latest credits."""

from optiq.attribution.contracts import NO_TRACKED_VISIT
from optiq.attribution.lake import CREDITS
from optiq.kernel.lake_tables import latest_rows
from optiq.ports.query import Value
from optiq.reports.cohorts.contracts import CohortBy
from optiq.reports.domain import DayRange
from optiq.reports.site_clock import bucket_of_day, day_number, milliseconds
from optiq.reports.sql_money import CONVERTED, PRICED, RATES_OF_DAYS
from optiq.reports.statements import Sql


def values(site_id: str, currency: str, by: CohortBy, name: str, first: DayRange, whole: DayRange) -> Sql:
    """Columns: the cohort (the number of a month, or a channel); months since the first conversion; of those
    conversions the people whose first it is, the revenue in micros, and how many have no rate; the earliest
    and the latest month of a first conversion.

    Args:
        name: of the conversions that count; "" for all.
        first: days of first conversions. whole: from the first of them until today.
    """
    start_ms, end_ms = first.bounds_ms
    day = day_number("at", whole.offsets)
    columns = ("customer_id", "conversion_at", "touch_id", "position", "channel", "value_micros", "currency", "deleted")
    where = f"site_id = ? AND dt <= ?{' AND name = ?' if name else ''}"
    cohort = "CAST(first_month AS VARCHAR)" if by == "MONTH" else "first_channel"
    sql = f"""
WITH {RATES_OF_DAYS},
placed AS (
    SELECT found.*, {milliseconds("conversion_at")} AS at,
        row_number() OVER (PARTITION BY conversion_id ORDER BY position) AS place
    FROM ({latest_rows(CREDITS, where, columns)}) AS found WHERE NOT coalesce(deleted, false)
),
amounts AS (
    SELECT conversion_id, customer_id, at, currency, value_micros AS priced_micros,
        CASE WHEN touch_id = '' THEN '{NO_TRACKED_VISIT}' ELSE channel END AS channel,
        {bucket_of_day("MONTH", day)} AS of_month,
        CAST(CAST(date_add('day', {day}, DATE '1970-01-01') AS DATE) AS VARCHAR) AS day
    FROM placed WHERE place = 1
),
{PRICED},
turns AS (
    SELECT priced.*, sign(priced_micros) * {CONVERTED} AS micros,
        row_number() OVER (PARTITION BY customer_id ORDER BY at, conversion_id) AS turn,
        first_value(at) OVER (PARTITION BY customer_id ORDER BY at, conversion_id) AS first_at,
        first_value(of_month) OVER (PARTITION BY customer_id ORDER BY at, conversion_id) AS first_month,
        first_value(channel) OVER (PARTITION BY customer_id ORDER BY at, conversion_id) AS first_channel
    FROM priced
)
SELECT {cohort} AS cohort, of_month - first_month AS months, count_if(turn = 1) AS people,
    CAST(coalesce(sum(micros), 0) AS DECIMAL(38, 0)) AS revenue, count_if(micros IS NULL) AS no_rate,
    min(first_month) AS earliest, max(first_month) AS latest
FROM turns WHERE first_at >= {start_ms} AND first_at < {end_ms}
GROUP BY 1, 2"""  # noqa: S608 - names and numbers are ours
    named = [name] if name else []
    currencies: list[Value] = [currency] * 4
    return Sql(sql, (*whole.rate_days, site_id, whole.utc_days[1], *named, *currencies))
