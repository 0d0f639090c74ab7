"""The SQL of who is new: joins that tell when a person came, or converted, first."""

from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import SESSIONS
from optiq.kernel.lake_tables import latest_row_of_each, latest_rows
from optiq.reports.statements import Sql


def first_visits(site_id: str, last: str) -> Sql:
    """Joins `first_at` to `sessions_now`. Reads the visits of all time until the last UTC day."""
    columns = ("customer_id", "started_at", "bot", "deleted")
    sql = f"""
LEFT JOIN (
    SELECT customer_id, min(started_at) AS first_at
    FROM ({latest_row_of_each(SESSIONS, "site_id = ? AND dt <= ?", columns)}) AS visits_ever
    WHERE NOT deleted AND NOT bot GROUP BY customer_id
) AS firsts ON firsts.customer_id = sessions_now.customer_id"""  # noqa: S608 - names are ours
    return Sql(sql, (site_id, last))


def first_conversions(site_id: str, last: str) -> Sql:
    """Joins `first_at` to `found`, credits. Reads as `first_visits`."""
    columns = ("customer_id", "conversion_at", "deleted")
    sql = f"""
LEFT JOIN (
    SELECT customer_id, min(conversion_at) AS first_at
    FROM ({latest_rows(CREDITS, "site_id = ? AND dt <= ?", columns)}) AS conversions_ever
    WHERE NOT coalesce(deleted, false) GROUP BY customer_id
) AS firsts ON firsts.customer_id = found.customer_id"""  # noqa: S608 - names are ours
    return Sql(sql, (site_id, last))
