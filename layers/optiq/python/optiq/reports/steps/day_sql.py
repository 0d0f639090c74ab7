"""The SELECT that makes a day of `steps` of journeys' tables."""

from collections.abc import Sequence
from datetime import timedelta

from optiq.journeys.lake import CONVERSIONS, EVENTS, PEOPLE, SESSIONS, TOUCHES
from optiq.kernel.clock import parse_day
from optiq.kernel.lake_tables import LakeTable, latest_row_of_each
from optiq.ports.query import timestamp_text
from optiq.reports.declared import column_sql
from optiq.reports.lake import STEPS
from optiq.reports.site_clock import milliseconds
from optiq.reports.statements import Sql
from optiq.reports.steps.turns_sql import turn_of_event, turn_of_id
from optiq.tenancy.contracts import MOST_CUSTOM_DIMENSIONS, Site

SOURCES = (EVENTS, SESSIONS, TOUCHES, CONVERSIONS)
"""The tables of which a day of `steps` is made, besides PEOPLE."""
_OF_EVENTS = ("event_id", "site_id", "customer_id", "kind", "name", "occurred_at", "url", "value_micros", "currency")
_OF_VISITS = ("session_id", "site_id", "customer_id", "started_at", "ended_at", "device", "browser", "os", "country")
_OF_TOUCHES = ("channel", "source", "medium", "campaign", "content", "term", "landing_page", "referrer_domain")

_DECLARED = ("declared", *(f"p{number}" for number in range(1, MOST_CUSTOM_DIMENSIONS + 1)))


def day_of_steps(day: str, sites: Sequence[Site]) -> Sql:
    """The rows of an organization's UTC day, all sites, in any order; with the properties that the sites declare."""
    return steps_of((day, day), sites=sites)


def steps_of(
    days: tuple[str, str], *, site_id: str = "", since_ms: int | None = None, sites: Sequence[Site] = ()
) -> Sql:
    """The rows of UTC days, in any order; of all sites, or of one since an instant.

    An event belongs to the visit of its person that it falls in, and of several visits of one instant to the one that
    its turn falls in. What a server reports belongs to the latest visit of that day or the day before.
    """
    first, last = days
    before = (parse_day(first) - timedelta(days=1)).isoformat()
    of_site, own = (" AND site_id = ?", (site_id,)) if site_id else ("", ())
    since, instants = (
        (" AND occurred_at >= CAST(? AS TIMESTAMP)", (timestamp_text(since_ms),)) if since_ms else ("", ())
    )
    of_events = (*_OF_EVENTS, "received_at", "position", "left_out", "from_server", *(["properties"] if sites else []))
    columns = ", ".join(f"{_column(name, sites)} AS {name}" for name in STEPS.columns)
    sql = f"""
WITH people_now AS ({latest_row_of_each(PEOPLE, f"true{of_site}", ("site_id", "customer_id", "person_id"))}),
happened AS (
    SELECT found.*, coalesce(people_now.person_id, found.customer_id) AS person_id,
        {milliseconds("found.occurred_at")} AS t, {turn_of_event("found")} AS turn
    FROM ({_latest(EVENTS, f"dt BETWEEN ? AND ?{of_site}{since}", of_events)}) AS found
    LEFT JOIN people_now ON people_now.site_id = found.site_id AND people_now.customer_id = found.customer_id
    WHERE found.left_out = '' AND found.kind <> 'IDENTIFY' AND found.customer_id <> ''
),
visits AS (
    SELECT found.*, {milliseconds("started_at")} AS started_ms, {milliseconds("ended_at")} AS ended_ms,
        {turn_of_id("session_id")} AS turn
    FROM ({_latest(SESSIONS, f"dt BETWEEN ? AND ?{of_site}", (*_OF_VISITS, "deleted"))}) AS found WHERE NOT deleted
),
origins AS (
    SELECT * FROM (
        {_latest(TOUCHES, f"dt BETWEEN ? AND ?{of_site}", ("session_id", "site_id", *_OF_TOUCHES, "deleted"))}
    ) AS found WHERE NOT deleted
),
goals AS (
    SELECT site_id, event_id
    FROM ({_latest(CONVERSIONS, f"dt BETWEEN ? AND ?{of_site}", ("site_id", "event_id", "deleted"))}) AS found
    WHERE NOT deleted
),
line AS (
    SELECT site_id, person_id, t, turn, true AS is_event, event_id, CAST(NULL AS VARCHAR) AS mark FROM happened
    UNION ALL
    SELECT site_id, customer_id, started_ms, turn, false, '', lpad(CAST(started_ms AS VARCHAR), 15, '0') || session_id
    FROM visits
),
placed AS (
    SELECT line.*, max(mark) OVER (
        PARTITION BY site_id, person_id ORDER BY t, turn, is_event, event_id ROWS UNBOUNDED PRECEDING) AS latest
    FROM line
),
in_visits AS (
    SELECT happened.*, substr(placed.latest, 16) AS visit_id
    FROM happened JOIN placed ON placed.is_event AND placed.site_id = happened.site_id
        AND placed.event_id = happened.event_id
)
SELECT {columns}
FROM in_visits
LEFT JOIN visits ON visits.site_id = in_visits.site_id AND visits.session_id = in_visits.visit_id
    AND (in_visits.t <= visits.ended_ms OR in_visits.from_server)
LEFT JOIN origins ON origins.site_id = in_visits.site_id AND origins.session_id = visits.session_id
LEFT JOIN goals ON goals.site_id = in_visits.site_id AND goals.event_id = in_visits.event_id
"""  # noqa: S608 - names are ours
    visits = (before, last, *own)
    return Sql(sql, (*own, first, last, *own, *instants, *visits, *visits, first, last, *own))


def _latest(table: LakeTable, where: str, columns: tuple[str, ...]) -> str:
    return latest_row_of_each(table, where, columns)


def _column(name: str, sites: Sequence[Site]) -> str:
    if name in _DECLARED:
        return column_sql(name, sites, "in_visits.site_id", "in_visits.properties")
    if name == "path":
        found = "regexp_extract(in_visits.url, '^[A-Za-z]+://[^/?#]*([^?#]*)', 1)"
        return f"CASE WHEN {found} = '' THEN '/' ELSE {found} END"
    if name == "hostname":
        return "lower(regexp_extract(in_visits.url, '^[A-Za-z]+://([^/?#]*)', 1))"
    if name == "conversion":
        return "goals.event_id IS NOT NULL"
    if name in _OF_TOUCHES:
        return f"origins.{name}"
    if name == "session_id" or (name in _OF_VISITS and name not in _OF_EVENTS):
        return f"visits.{name}"
    return f"in_visits.{name}"
