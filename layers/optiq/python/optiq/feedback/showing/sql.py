"""The SQL of what was told, over the latest row of each entry."""

from optiq.feedback.lake import AD_FEEDBACK
from optiq.kernel.lake_tables import latest_row_of_each

_COLUMNS = (
    *("destination_id", "status", "reason", "is_change", "over", "found_by"),
    *("told_micros", "currency", "occurred_at", "answered_at", "conversion_id", "platform"),
)
_TAKEN = "status IN ('ACCEPTED', 'CONFIRMED')"


def _latest() -> str:
    return latest_row_of_each(AD_FEEDBACK, "site_id = ? AND dt BETWEEN ? AND ?", _COLUMNS)


def statuses() -> str:
    """Destination, status, reason, whether it is a change, currency; how many, and the value that was told.

    Its parameters: the site, the first and the last UTC day. So are those of the others.
    """
    return f"""
SELECT destination_id, status, reason, is_change, currency, count(*), CAST(sum(told_micros) AS BIGINT)
FROM ({_latest()}) GROUP BY 1, 2, 3, 4, 5"""  # noqa: S608 - names are ours


def found_by() -> str:
    """Destination, what people could be found by, how many."""
    return f"""
SELECT destination_id, found_by, count(*) FROM ({_latest()})
WHERE found_by <> '' AND NOT is_change AND status NOT IN ('SKIPPED', 'EXPIRED') GROUP BY 1, 2"""  # noqa: S608 - names are ours


def seconds() -> str:
    """Destination, seconds from a conversion to the platform's yes, how many."""
    return f"""
SELECT destination_id, date_diff('second', occurred_at, answered_at), count(*) FROM ({_latest()})
WHERE {_TAKEN} AND NOT is_change AND answered_at IS NOT NULL GROUP BY 1, 2"""  # noqa: S608 - names are ours


def accepted() -> str:
    """Platform; how many conversions it accepted."""
    return f"""
SELECT platform, count(DISTINCT conversion_id) FROM ({_latest()})
WHERE {_TAKEN} AND NOT is_change GROUP BY 1"""  # noqa: S608 - names are ours
