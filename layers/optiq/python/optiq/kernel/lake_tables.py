"""The lake's tables, once: their Parquet files, their Glue tables and their empty views are all made from this.

Every file lies in a partition org=<organization>/dt=<day>, the UTC day of the row's own instant, so that a new
version of a row always lands beside the old one. Readers keep, of each row's versions, the latest
(`latest_rows`); a row may therefore be written any number of times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["string", "bigint", "double", "boolean", "timestamp"]


PLATFORM = "_platform"
"""The organization of what every organization may read: exchange rates."""


@dataclass(frozen=True, slots=True)
class LakeTable:
    """A table of the lake.

    Attributes:
        columns: names and types; timestamps are UTC milliseconds. The partition columns org and dt come on top.
        key: the columns that name a row.
        version: the columns, most significant first, by which the latest version of a row is told.
    """

    name: str
    columns: dict[str, ColumnType]
    key: tuple[str, ...]
    version: tuple[str, ...]


EVENTS = LakeTable(
    "events",
    {
        "event_id": "string",
        "site_id": "string",
        "customer_id": "string",
        "kind": "string",
        "name": "string",
        "occurred_at": "timestamp",
        "received_at": "timestamp",
        "url": "string",
        "referrer": "string",
        "title": "string",
        "utm_source": "string",
        "utm_medium": "string",
        "utm_campaign": "string",
        "utm_term": "string",
        "utm_content": "string",
        "value_micros": "bigint",
        "currency": "string",
        "user_agent": "string",
        "properties": "string",
        "bot": "boolean",
        "from_server": "boolean",
        "position": "bigint",
        # Why it counts in no report: BOT, OPTED_OUT, EXCLUDED, OVER_LIMIT, or empty.
        "left_out": "string",
        # Sentences, as a JSON list.
        "warnings": "string",
    },
    key=("site_id", "event_id"),
    version=("received_at",),
)

SESSIONS = LakeTable(
    "sessions",
    {
        "session_id": "string",
        "site_id": "string",
        "customer_id": "string",
        "started_at": "timestamp",
        "ended_at": "timestamp",
        "page_views": "bigint",
        "events": "bigint",
        "conversions": "bigint",
        "engaged": "boolean",
        "bounced": "boolean",
        "entry_page": "string",
        "exit_page": "string",
        "device": "string",
        "browser": "string",
        "os": "string",
        "country": "string",
        "city": "string",
        "bot": "boolean",
        # Domains, a blank between two.
        "kept_referrers": "string",
        "revision": "bigint",
        "deleted": "boolean",
    },
    key=("site_id", "session_id"),
    version=("revision",),
)

TOUCHES = LakeTable(
    "touches",
    {
        "touch_id": "string",
        "site_id": "string",
        "customer_id": "string",
        "session_id": "string",
        "occurred_at": "timestamp",
        "touch_type": "string",
        "channel": "string",
        "source": "string",
        "medium": "string",
        "campaign": "string",
        "term": "string",
        "content": "string",
        "click_ids": "string",
        "landing_page": "string",
        "referrer_domain": "string",
        "tagged": "boolean",
        "channel_rules_version": "bigint",
        "evidence": "string",
        "revision": "bigint",
        "deleted": "boolean",
    },
    key=("site_id", "touch_id"),
    version=("revision",),
)

CONVERSIONS = LakeTable(
    "conversions",
    {
        "conversion_id": "string",
        "site_id": "string",
        "customer_id": "string",
        "event_id": "string",
        "name": "string",
        "occurred_at": "timestamp",
        "value_micros": "bigint",
        # Before refunds and changes.
        "gross_micros": "bigint",
        "currency": "string",
        "order_id": "string",
        "evidence": "string",
        "revision": "bigint",
        # It is a later report of another conversion.
        "deleted": "boolean",
    },
    key=("site_id", "conversion_id"),
    version=("revision",),
)

CREDIT_MODELS = (
    "first_touch",
    "last_touch",
    "last_non_direct",
    "linear",
    "time_decay",
    "position_based",
    "w_shaped",
    "custom",
    "markov",
    "shapley",
)
"""The models that have columns in `credits`, <model>_weight and <model>_micros."""

ABANDONED_JOURNEYS = LakeTable(
    "abandoned_journeys",
    {
        "site_id": "string",
        "customer_id": "string",
        "started_at": "timestamp",
        "last_activity_at": "timestamp",
        "touches": "bigint",
        "first_channel": "string",
        "last_channel": "string",
        "recorded_at": "timestamp",
        "revision": "bigint",
        "deleted": "boolean",
    },
    # A journey that moves on has another last activity: the row that said otherwise is then deleted.
    key=("site_id", "customer_id", "last_activity_at"),
    version=("revision",),
)

CREDITS = LakeTable(
    "credits",
    # A row for each conversion and touch of its path. A conversion without a touch has one row, at position 0, and
    # `No tracked visit` is its channel, source and so on. A model's columns are null where it was not computed.
    {
        "conversion_id": "string",
        "site_id": "string",
        "customer_id": "string",
        "conversion_at": "timestamp",
        "name": "string",
        "touch_id": "string",
        "touch_at": "timestamp",
        "position": "bigint",
        "path_length": "bigint",
        "channel": "string",
        "source": "string",
        "medium": "string",
        "campaign": "string",
        "ad": "string",
        "landing_page": "string",
        **{f"{model}_weight": "double" for model in CREDIT_MODELS},
        **{f"{model}_micros": "bigint" for model in CREDIT_MODELS},
        "value_micros": "bigint",
        "currency": "string",
        "evidence": "string",
        "window_days": "bigint",
        "settings_version": "bigint",
        "fit_version": "bigint",
        "engine_version": "bigint",
        "revision": "bigint",
        "computed_at": "timestamp",
        # The conversion became a part of another: one row without credits says so.
        "deleted": "boolean",
    },
    # All credits of a conversion are replaced together: a path may shrink.
    key=("site_id", "conversion_id"),
    version=("revision", "computed_at"),
)

AD_METRICS = LakeTable(
    "ad_metrics",
    {
        "site_id": "string",
        "day": "string",
        "source": "string",
        "medium": "string",
        "campaign": "string",
        "channel": "string",
        "impressions": "bigint",
        "clicks": "bigint",
        "spend_micros": "bigint",
        "currency": "string",
        "revision": "bigint",
    },
    key=("site_id", "day", "source", "medium", "campaign"),
    version=("revision",),
)

RATES = LakeTable(
    "rates",
    {"currency": "string", "day": "string", "rate_micros": "bigint", "revision": "bigint"},
    key=("currency", "day"),
    version=("revision",),
)

TABLES: dict[str, LakeTable] = {
    table.name: table
    for table in (EVENTS, SESSIONS, TOUCHES, CONVERSIONS, ABANDONED_JOURNEYS, CREDITS, AD_METRICS, RATES)
}


def latest_row_of_each(table: LakeTable, where: str, columns: Sequence[str]) -> str:
    """As `latest_rows`, cheaper: one row, and of it these columns, for each key of a table whose key names one row."""
    order = ", ".join(f"{column} DESC" for column in table.version)
    names = ", ".join(columns)
    newest = f"row_number() OVER (PARTITION BY {', '.join(table.key)} ORDER BY {order})"
    versions = f"SELECT {names}, {newest} AS version_rank FROM {table.name} WHERE {where}"  # noqa: S608 - names are ours
    return f"SELECT {names} FROM ({versions}) WHERE version_rank = 1"  # noqa: S608 - names are ours


def latest_rows(table: LakeTable, where: str, columns: Sequence[str] = ("*",)) -> str:
    """SQL (Athena's dialect) that selects the latest version of each row, with all its columns.

    `where` restricts the files and rows looked at; it may use `dt` and must not use a column that changes
    between versions. Rows of one key with equal versions are all kept when the key names a group (credits).
    `columns` narrows what is read, besides the key and the version; rows equal in all of them count once.
    """
    order = ", ".join(f"{column} DESC" for column in table.version)
    read = "*" if "*" in columns else ", ".join(dict.fromkeys((*table.key, *table.version, *columns)))
    # rank() keeps a whole group of equal version; a repeated write of the same rows is folded by DISTINCT.
    return (
        f"SELECT * FROM (SELECT *, rank() OVER (PARTITION BY {', '.join(table.key)} ORDER BY {order}) AS version_rank "  # noqa: S608 - names are ours
        f"FROM (SELECT DISTINCT {read} FROM {table.name} WHERE {where})) WHERE version_rank = 1"
    )
