"""The SQL of who is new: joins that tell when a person came, or converted, first."""

from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import SESSIONS
from optiq.kernel.lake_tables import latest_row_of_each, latest_rows
from optiq.reports.statements import Sql


def first_visits(of_site: Sql, last: str) -> Sql:
    """Joins `first_id` to `sessions_now`: ids sort as visits began, also within an instant. Reads all visits until the
    last UTC day."""
    columns = ("site_id", "customer_id", "session_id", "bot", "deleted")
    sql = f"""
LEFT JOIN (
    SELECT site_id, customer_id, min(session_id) AS first_id
    FROM ({latest_row_of_each(SESSIONS, f"{of_site.sql} AND dt <= ?", columns)}) AS visits_ever
    WHERE NOT deleted AND NOT bot GROUP BY site_id, customer_id
) AS firsts ON firsts.site_id = sessions_now.site_id AND firsts.customer_id = sessions_now.customer_id"""  # noqa: S608 - names are ours
    return Sql(sql, (*of_site.parameters, last))


def first_conversions(of_site: Sql, last: str) -> Sql:
    """Joins `first_id` to `found`, credits, as `first_visits` does."""
    columns = ("site_id", "customer_id", "conversion_id", "deleted")
    sql = f"""
LEFT JOIN (
    SELECT site_id, customer_id, min(conversion_id) AS first_id
    FROM ({latest_rows(CREDITS, f"{of_site.sql} AND dt <= ?", columns)}) AS conversions_ever
    WHERE NOT coalesce(deleted, false) GROUP BY site_id, customer_id
) AS firsts ON firsts.site_id = found.site_id AND firsts.customer_id = found.customer_id"""  # noqa: S608 - names are ours
    return Sql(sql, (*of_site.parameters, last))
