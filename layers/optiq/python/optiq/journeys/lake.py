"""The tables that journeys writes into the lake."""

from optiq.kernel.lake_tables import LakeTable

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
        # Why it counts in no report: BOT, OPTED_OUT, EXCLUDED, UNVERIFIED, OVER_LIMIT, or empty.
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
        # As click_ids, of what names the campaign, group or ad; null in rows of before there were any.
        "ad_ids": "string",
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

PEOPLE = LakeTable(
    "people",
    # Whose customers are whose, written when links change. A customer without a row is a person by itself.
    {
        "site_id": "string",
        "customer_id": "string",
        "person_id": "string",
        "changed_at": "timestamp",
        "revision": "bigint",
    },
    key=("site_id", "customer_id"),
    version=("revision",),
    data="LINKS",
)

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
