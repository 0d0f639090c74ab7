"""The tables that ads writes into the lake."""

from optiq.kernel.lake_tables import LakeTable

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
        "claimed_conversions": "double",
        "claimed_revenue_micros": "bigint",
        "revision": "bigint",
    },
    key=("site_id", "day", "source", "medium", "campaign"),
    version=("revision",),
)

AD_HOURLY = LakeTable(
    "ad_hourly",
    {
        "platform": "string",
        "account": "string",
        "day": "string",
        "hour": "bigint",
        "at_ms": "bigint",
        "campaign_id": "string",
        "kind": "string",
        "remainder": "string",
        "impressions": "bigint",
        "clicks": "bigint",
        "spend_micros": "bigint",
        "currency": "string",
        "revision": "bigint",
    },
    key=("platform", "account", "day"),
    version=("revision",),
)
"""Hours of campaigns, by the account's clock, of accounts whose sites have another one. `at_ms` is when it began.

A version is a whole day, of the revision of the same day in `ad_daily`. What the hours lack of a campaign's day is a
row of hour -1, so that the hours come to the day.
"""

AD_DAILY = LakeTable(
    "ad_daily",
    {
        "platform": "string",
        "account": "string",
        "level": "string",
        "day": "string",
        "entity_id": "string",
        "campaign_id": "string",
        "group_id": "string",
        "kind": "string",
        "remainder": "string",
        "impressions": "bigint",
        "clicks": "bigint",
        "spend_micros": "bigint",
        "currency": "string",
        "claimed_count_micros": "bigint",
        "claimed_value_micros": "bigint",
        "view_through_micros": "bigint",
        "pulled_at": "timestamp",
        "revision": "bigint",
    },
    key=("platform", "account", "level", "day"),
    version=("revision",),
)
"""Each version of a key is the whole day of a level of an account: a row that is listed no more is not in the next.

A day without anything has one row without an entity, so that 0 differs from never read. `remainder` is "" for what the
platform lists; NOT_LISTED for what campaigns lack of the account, WITHOUT_AD for what ads lack of their campaign. So
the rows of every level come to the account's.
"""
