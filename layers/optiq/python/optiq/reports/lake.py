"""The tables that reports makes of journeys' tables, so that questions about behaviour are cheap."""

from optiq.kernel.lake_tables import ColumnType, LakeTable

OWN_PROPERTIES = tuple(f"p{number}" for number in range(1, 9))
"""Columns for properties of events that a site declares."""
_TEXTS = (
    *("site_id", "customer_id", "event_id", "session_id", "name", "kind", "path", "hostname"),
    *("channel", "source", "medium", "campaign", "content", "term", "landing_page", "referrer_domain"),
    *("device", "browser", "os", "country", "currency", *OWN_PROPERTIES),
)
_COLUMNS: dict[str, ColumnType] = {
    **dict.fromkeys(_TEXTS, "string"),
    "t": "bigint",
    "value_micros": "bigint",
    "conversion": "boolean",
}

STEPS = LakeTable(
    "steps",
    # A row for each event that reports count, with what is known of the visit it belongs to. `t` is its instant in
    # milliseconds, `customer_id` who did it as known when the row was written: `people` says who that is today.
    _COLUMNS,
    key=("site_id", "event_id"),
    version=("t",),
)
