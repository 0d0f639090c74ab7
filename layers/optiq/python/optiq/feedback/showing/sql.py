"""The SQL of what was told, over the latest row of each entry."""

from optiq.feedback.lake import AD_FEEDBACK
from optiq.kernel.lake_tables import latest_row_of_each

_COLUMNS = (
    *("destination_id", "status", "reason", "is_change", "over", "found_by"),
    *("told_micros", "currency", "occurred_at", "answered_at", "conversion_id", "place", "platform"),
)
_TAKEN = "status IN ('ACCEPTED', 'CONFIRMED')"


def _latest() -> str:
    return latest_row_of_each(AD_FEEDBACK, "site_id = ? AND dt BETWEEN ? AND ?", _COLUMNS)


def statuses() -> str:
    """Destination, status, reason, whether it is a change, how many.

    Its parameters: the site, the first and the last UTC day. So are those of the others.
    """
    return f"""
SELECT destination_id, status, reason, is_change, count(*) FROM ({_latest()}) GROUP BY 1, 2, 3, 4"""  # noqa: S608 - names are ours


def untold() -> str:
    """Destination, currency; by how much what was told is more than what it is now, of what takes no changes."""
    return f"""
SELECT destination_id, currency, CAST(sum(told - now) AS BIGINT) FROM (
SELECT destination_id, conversion_id, max(currency) AS currency,
max(told_micros) FILTER (WHERE {_TAKEN}) AS told,
max_by(told_micros, place) FILTER (WHERE reason = 'NOT_SUPPORTED') AS now
FROM ({_latest()}) GROUP BY 1, 2) WHERE told IS NOT NULL AND now IS NOT NULL GROUP BY 1, 2"""  # noqa: S608 - names are ours


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
