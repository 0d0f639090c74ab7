"""Orders and revenue by day: ours, what was left out of ours, and the shop's; in SQL (Athena's dialect)."""

from collections.abc import Sequence
from datetime import timedelta

from optiq.journeys.lake import CONVERSIONS, EVENTS
from optiq.kernel.lake_tables import latest_row_of_each
from optiq.ports.query import Value, timestamp_text
from optiq.reports.domain import DayRange
from optiq.reports.lake import SHOP_TOTALS
from optiq.reports.site_clock import day_number, milliseconds
from optiq.reports.sql_money import CONVERTED, PRICED, RATES_OF_DAYS
from optiq.reports.statements import Sql

NET, GROSS, SHOP = "NET", "GROSS", "SHOP"
MATCH_DAYS = 7
"""An event is of one of our orders when they are at most so many days apart."""
_OF_CONVERSIONS = ("event_id", "order_id", "occurred_at", "value_micros", "gross_micros", "currency", "deleted")
_OF_EVENTS = ("event_id", "name", "occurred_at", "value_micros", "currency", "properties", "left_out")


def by_day(site_id: str, currency: str, conversion_events: Sequence[str], days: DayRange) -> Sql:
    """Columns: kind, the site's day, orders, micros, and how many amounts have no rate.

    Kinds: NET and GROSS of our orders (conversions with an order's number or a value), orders with NET; SHOP; and the
    reason of each event that reports a conversion and was left out, unless one of our orders is of it.
    """
    first, last = days.utc_days
    wider = DayRange(days.first - timedelta(days=MATCH_DAYS), days.last + timedelta(days=MATCH_DAYS), days.timezone)
    start, end = map(timestamp_text, days.bounds_ms)
    names = ", ".join("?" * len(conversion_events))
    within = "occurred_at >= CAST(? AS TIMESTAMP) AND occurred_at < CAST(? AS TIMESTAMP)"
    properties = "coalesce(nullif(properties, ''), '{}')"
    numbers = (f"json_extract_scalar({properties}, '$.{name}')" for name in ("order_id", "transaction_id"))
    number = f"coalesce({', '.join(numbers)})"
    day = day_number(milliseconds("occurred_at"), days.offsets)
    of_days = "site_id = ? AND dt BETWEEN ? AND ?"
    sql = f"""
WITH {RATES_OF_DAYS},
orders AS (
    SELECT event_id, coalesce(order_id, '') AS order_id, occurred_at, value_micros AS net_micros, currency,
        coalesce(nullif(gross_micros, 0), value_micros) AS gross_micros
    FROM ({latest_row_of_each(CONVERSIONS, of_days, _OF_CONVERSIONS)}) AS found
    WHERE NOT coalesce(deleted, false)
        AND (coalesce(order_id, '') <> '' OR coalesce(value_micros, 0) <> 0 OR coalesce(gross_micros, 0) <> 0)
),
left_out AS (
    SELECT found.*, {number} AS order_id
    FROM ({latest_row_of_each(EVENTS, of_days, _OF_EVENTS)}) AS found
    WHERE left_out <> '' AND name IN ({names}) AND {within}
),
missed AS (
    SELECT left_out.*, row_number() OVER (PARTITION BY coalesce(left_out.order_id, left_out.event_id)
        ORDER BY left_out.occurred_at, left_out.event_id) AS turn
    FROM left_out
    LEFT JOIN (SELECT DISTINCT order_id FROM orders) AS by_number ON by_number.order_id = left_out.order_id
    LEFT JOIN (SELECT DISTINCT event_id FROM orders) AS by_event ON by_event.event_id = left_out.event_id
    WHERE by_number.order_id IS NULL AND by_event.event_id IS NULL
),
amounts AS (
    SELECT kind, orders, priced_micros, currency, site_day,
        CAST(CAST(date_add('day', site_day, DATE '1970-01-01') AS DATE) AS VARCHAR) AS day
    FROM (
        SELECT '{NET}' AS kind, 1 AS orders, net_micros AS priced_micros, currency, {day} AS site_day
        FROM orders WHERE {within}
        UNION ALL
        SELECT '{GROSS}', 0, gross_micros, currency, {day} FROM orders WHERE {within}
        UNION ALL
        SELECT left_out, 1, coalesce(value_micros, 0), coalesce(currency, ''), {day} FROM missed WHERE turn = 1
        UNION ALL
        SELECT '{SHOP}', orders, revenue_micros, currency, date_diff('day', DATE '1970-01-01', CAST(day AS DATE))
        FROM ({latest_row_of_each(SHOP_TOTALS, of_days, ("day", "orders", "revenue_micros", "currency"))}) AS found
    ) AS each_amount
),
{PRICED}
SELECT kind, site_day, sum(orders) AS orders,
    CAST(coalesce(sum(sign(priced_micros) * {CONVERTED}), 0) AS DECIMAL(38, 0)) AS micros,
    count_if({CONVERTED} IS NULL) AS no_rate
FROM priced GROUP BY 1, 2"""  # noqa: S608 - names are ours
    own: list[Value] = [site_id, *wider.utc_days]
    events: list[Value] = [site_id, first, last, *conversion_events, start, end]
    shop: list[Value] = [site_id, days.first.isoformat(), days.last.isoformat()]
    rest: list[Value] = [start, end, start, end, *shop, *[currency] * 4]
    return Sql(sql, (*days.rate_days, *own, *events, *rest))
