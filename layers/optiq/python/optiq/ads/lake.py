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
