"""The table that reports makes of journeys' tables, so that questions about behaviour are cheap."""

from optiq.kernel.lake_tables import ColumnType, LakeTable
from optiq.tenancy.contracts import MOST_CUSTOM_DIMENSIONS

_TEXTS = (
    *("site_id", "customer_id", "event_id", "session_id", "name", "kind", "path", "hostname"),
    *("channel", "source", "medium", "campaign", "content", "term", "landing_page", "referrer_domain"),
    *("device", "browser", "os", "country", "currency"),
    *("declared", *(f"p{number}" for number in range(1, MOST_CUSTOM_DIMENSIONS + 1))),
)
_COLUMNS: dict[str, ColumnType] = {
    **dict.fromkeys(_TEXTS, "string"),
    "t": "bigint",
    "turn": "bigint",
    "value_micros": "bigint",
    "conversion": "boolean",
}

SHOP_TOTALS = LakeTable(
    "shop_totals",
    # What a site's shop reports of a day, in the site's timezone.
    {
        "site_id": "string",
        "day": "string",
        "orders": "bigint",
        "revenue_micros": "bigint",
        "currency": "string",
        "revision": "bigint",
    },
    key=("site_id", "day"),
    version=("revision",),
    data="TOTALS",
)

FUNNEL_ATTEMPTS = LakeTable(
    "funnel_attempts",
    # Attempts of saved funnels: of each person and day of entry, by the site's clock, the one that counts. A month of a
    # funnel is one file, named by the funnel and written anew as a whole. r2 to r10 are the instants of its steps.
    {
        "site_id": "string",
        "funnel": "string",
        "unit": "string",
        "t": "bigint",
        "value": "string",
        "depth": "bigint",
        **{f"r{step}": "bigint" for step in range(2, 11)},
    },
    key=("site_id", "funnel", "unit", "t"),
    version=("t",),
    whole_days=True,
)

STEPS = LakeTable(
    "steps",
    # A row for each event that reports count, with what is known of the visit it belongs to. `t` is its instant in
    # milliseconds, and `turn` its order among the events of that instant; `customer_id` is whose it was at collection,
    # and `people` says which person that is today. A day is one file, written anew when something of the day changes:
    # its rows have no versions. p1 to p8 are properties of the event; `declared` tells which (declared.py).
    _COLUMNS,
    key=("site_id", "event_id"),
    version=("t",),
    whole_days=True,
)
