"""The tables that ads writes into the lake."""

from optiq.kernel.lake_tables import LakeTable

REVISIONS_A_MS = 1_000_000
"""A revision is an instant in nanoseconds: of two versions of one millisecond, the later has one more."""

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
    data="ADS",
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
    data="ADS",
)
"""Hours of campaigns, by the account's clock, of accounts whose sites have another one. `at_ms` is when it began.

A version is a whole day, of the revision of the same day in `ad_daily`. What the hours lack of a campaign's day is a
row of hour -1, so that the hours come to the day.
"""

AD_CLICKS = LakeTable(
    "ad_clicks",
    {
        "platform": "string",
        "account": "string",
        "day": "string",
        "click_id": "string",
        "campaign_id": "string",
        "group_id": "string",
        "ad_id": "string",
        "revision": "bigint",
    },
    key=("platform", "account", "day"),
    version=("revision",),
    data="ADS",
)
"""Which ad each click id of a day is of, as the platform says. Each version of a key is the whole day."""

AD_RESOLUTIONS = LakeTable(
    "ad_resolutions",
    {
        "site_id": "string",
        "touch_id": "string",
        "platform": "string",
        "account": "string",
        "campaign_id": "string",
        "group_id": "string",
        "ad_id": "string",
        # CLICK_VIEW, URL_ID, LINK, AUTO; AMBIGUOUS, FOREIGN or UNKNOWN for a touch that no campaign is known of.
        "evidence": "string",
        # How many campaigns have the name, and the id of no connected account.
        "candidates": "bigint",
        "foreign_id": "string",
        # Another campaign, which the link's name says: platform, account and id, a blank between two.
        "conflict": "string",
        "resolved_at": "timestamp",
        "revision": "bigint",
    },
    key=("site_id", "touch_id"),
    version=("revision",),
)
"""Which campaign, group and ad a touch is of. The touch stays as it was; a row is in its day's partition."""

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
        "claimed_by_conversion_day_micros": "bigint",
        "pulled_at": "timestamp",
        "revision": "bigint",
    },
    key=("platform", "account", "level", "day"),
    version=("revision",),
    data="ADS",
)
"""Each version of a key is the whole day of a level of an account: a row that is listed no more is not in the next.

A day without anything has one row without an entity, so that 0 differs from never read. `remainder` is "" for what the
platform lists; NOT_LISTED for what campaigns lack of the account, WITHOUT_AD for what ads lack of their campaign. So
the rows of every level come to the account's.
"""
