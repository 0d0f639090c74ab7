"""Customers and journeys of a site, listed from the lake: no index to keep, no write for each event."""

from collections.abc import Sequence

from optiq.journeys.customer_contracts import CustomerSummary, JourneyStatus, JourneySummary
from optiq.journeys.journey import abandoned_before
from optiq.journeys.lake import ABANDONED_JOURNEYS, CONVERSIONS, SESSIONS, TOUCHES
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.ids import MOMENT_CHARACTERS
from optiq.kernel.lake_tables import latest_rows
from optiq.kernel.paging import Page, cursor_at, foreign_cursor, list_of, place_in
from optiq.ports import wiring
from optiq.ports.query import Value, timestamp_text
from optiq.tenancy.contracts import Site

_OF_SITE = "site_id = ?"


def _moment(column: str) -> str:
    """The moment in an id of a touch or a conversion, as a text that sorts."""
    first, after = MOMENT_CHARACTERS.start, MOMENT_CHARACTERS.stop
    return f"substr({column}, {first}, {after - first})"


_STANDING = f"""
WITH standing_touches AS (
  SELECT customer_id, touch_id, {_moment("touch_id")} AS moment, occurred_at, channel, source, medium, campaign
  FROM ({latest_rows(TOUCHES, _OF_SITE)}) WHERE NOT deleted
), standing_conversions AS (
  SELECT customer_id, conversion_id, occurred_at, value_micros, currency,
    {_moment("conversion_id")} AS moment,
    lag({_moment("conversion_id")}) OVER (PARTITION BY customer_id ORDER BY conversion_id) AS previous
  FROM ({latest_rows(CONVERSIONS, _OF_SITE)}) WHERE NOT coalesce(deleted, false)
)"""  # noqa: S608 - names are ours
AFTER = "(last_at < CAST(? AS TIMESTAMP) OR (last_at = CAST(? AS TIMESTAMP) AND row_id > ?))"

_CUSTOMERS = f"""{_STANDING}, seen AS (
  SELECT customer_id, occurred_at, 1 AS touch, 0 AS conversion FROM standing_touches
  UNION ALL SELECT customer_id, occurred_at, 0, 1 FROM standing_conversions
), rows_of AS (
  SELECT customer_id AS row_id, min(occurred_at) AS first_at, max(occurred_at) AS last_at,
    sum(touch) AS touches, sum(conversion) AS conversions
  FROM seen GROUP BY customer_id
)
SELECT row_id, first_at, last_at, touches, conversions FROM rows_of
WHERE {AFTER} ORDER BY last_at DESC, row_id LIMIT """  # noqa: S608

_TOUCHED = """min(t.occurred_at) AS first_at, count(t.touch_id) AS touches,
    min_by(t.channel, t.touch_id) AS first_channel, max_by(t.channel, t.touch_id) AS last_channel"""
# Parameters: the site, four times.
UNFINISHED = f"""{_STANDING}, seen AS (
  SELECT customer_id, max(ended_at) AS seen_at
  FROM ({latest_rows(SESSIONS, _OF_SITE)}) WHERE NOT deleted AND NOT bot GROUP BY customer_id
), ended AS (
  SELECT customer_id, max(moment) AS ended FROM standing_conversions GROUP BY customer_id
), unfinished AS (
  SELECT t.customer_id, {_TOUCHED},
    greatest(max(t.occurred_at), coalesce(max(s.seen_at), max(t.occurred_at))) AS last_at
  FROM standing_touches t LEFT JOIN ended e ON e.customer_id = t.customer_id
    LEFT JOIN seen s ON s.customer_id = t.customer_id
  WHERE e.ended IS NULL OR t.moment > e.ended GROUP BY t.customer_id
), recorded AS (
  SELECT customer_id, started_at, last_activity_at, touches, first_channel, last_channel, recorded_at
  FROM ({latest_rows(ABANDONED_JOURNEYS, _OF_SITE)}) WHERE NOT deleted
)"""  # noqa: S608 - names are ours
"""Journeys without a conversion (`unfinished`), and those that a sweep found abandoned (`recorded`), as SQL."""

_JOURNEYS = f"""{UNFINISHED}, converted AS (
  SELECT c.customer_id, c.conversion_id, c.occurred_at AS last_at, c.value_micros, c.currency, {_TOUCHED}
  FROM standing_conversions c LEFT JOIN standing_touches t ON t.customer_id = c.customer_id
    AND t.moment <= c.moment AND (c.previous IS NULL OR t.moment > c.previous)
  GROUP BY c.customer_id, c.conversion_id, c.occurred_at, c.value_micros, c.currency
), open_now AS (
  SELECT customer_id, CASE WHEN last_at < CAST(? AS TIMESTAMP) THEN 'ABANDONED' ELSE 'IN_PROGRESS' END AS status,
    first_at, last_at, touches, first_channel, last_channel FROM unfinished
), rows_of AS (
  SELECT conversion_id AS row_id, customer_id, 'CONVERTED' AS status, coalesce(first_at, last_at) AS first_at, last_at,
    touches, first_channel, last_channel, conversion_id, value_micros, currency, CAST(NULL AS TIMESTAMP) AS recorded_at
  FROM converted
  UNION ALL SELECT o.customer_id, o.customer_id, o.status, o.first_at, o.last_at,
    o.touches, o.first_channel, o.last_channel, '', 0, '', r.recorded_at
  FROM open_now o LEFT JOIN recorded r
    ON r.customer_id = o.customer_id AND r.last_activity_at = o.last_at AND o.status = 'ABANDONED'
)
SELECT * FROM rows_of
WHERE (? = '' OR status = ?) AND {AFTER} ORDER BY last_at DESC, row_id LIMIT """  # noqa: S608

_LAST_MS = 10**13
FIRST_PAGE = ("9999-12-31 00:00:00.000", "")


def customers(site: Site, limit: int, cursor: str | None) -> Page[CustomerSummary]:
    """A page of customers, the one active last first. Raises InvalidError for another list's cursor."""
    of_list = list_of("customers", site.site_id)
    last_at, row_id = _place(of_list, cursor)
    rows = _run(site, f"{_CUSTOMERS}{limit + 1}", [site.site_id, site.site_id, last_at, last_at, row_id])
    items = tuple(
        CustomerSummary(str(r[0]), instant_of(r[1]), instant_of(r[2]), int(r[3] or 0), int(r[4] or 0))
        for r in rows[:limit]
    )
    return Page(items, _cursor(of_list, rows, limit, last_column=2))


def journeys(
    site: Site, status: JourneyStatus | None, now_ms: int, limit: int, cursor: str | None
) -> Page[JourneySummary]:
    """A page of journeys, the one that moved last first. Raises InvalidError for another list's cursor."""
    of_list = list_of("journeys", site.site_id, status or "")
    last_at, row_id = _place(of_list, cursor)
    ended = timestamp_text(abandoned_before(site, now_ms))
    wanted = status or ""
    parameters = [*[site.site_id] * 4, ended, wanted, wanted, last_at, last_at, row_id]
    rows = _run(site, f"{_JOURNEYS}{limit + 1}", parameters)
    return Page(tuple(_journey(row) for row in rows[:limit]), _cursor(of_list, rows, limit, last_column=4))


def _journey(row: tuple[Value, ...]) -> JourneySummary:
    _, customer_id, status, first_at, last_at, touches, first, last, conversion_id, value_micros, *rest = row
    currency, recorded_at = rest
    return JourneySummary(
        customer_id=str(customer_id),
        status=_STATUSES[str(status)],
        started_ms=instant_of(first_at),
        last_activity_ms=instant_of(last_at),
        touches=int(touches or 0),
        first_channel=str(first or ""),
        last_channel=str(last or ""),
        conversion_id=str(conversion_id),
        value_micros=int(value_micros or 0),
        currency=str(currency),
        abandonment_recorded_ms=instant_of(recorded_at) if recorded_at else None,
    )


_STATUSES: dict[str, JourneyStatus] = {
    "IN_PROGRESS": "IN_PROGRESS",
    "CONVERTED": "CONVERTED",
    "ABANDONED": "ABANDONED",
}


def _run(site: Site, sql: str, parameters: Sequence[Value]) -> list[tuple[Value, ...]]:
    return wiring.query().run(sql, site.organization_id, parameters).rows


def _cursor(of_list: str, rows: Sequence[tuple[Value, ...]], limit: int, last_column: int) -> str | None:
    if len(rows) <= limit:
        return None
    return cursor_at(of_list, instant_of(rows[limit - 1][last_column]), str(rows[limit - 1][0]))


def _place(of_list: str, cursor: str | None) -> tuple[str, str]:
    """The time and row after which a page starts, as SQL takes them."""
    if cursor is None:
        return FIRST_PAGE
    instant, row_id = place_in(cursor, of_list, int, str)
    if not 0 <= int(instant) < _LAST_MS:
        raise foreign_cursor()
    return timestamp_text(int(instant)), row_id


def instant_of(value: Value) -> int:
    return from_rfc3339(str(value))
