"""The table that feedback writes into the lake."""

from optiq.kernel.lake_tables import LakeTable

AD_FEEDBACK = LakeTable(
    "ad_feedback",
    {
        "site_id": "string",
        "destination_id": "string",
        "conversion_id": "string",
        # Which one of the conversion's entries at the destination, from 0001.
        "place": "string",
        "platform": "string",
        "told_as": "string",
        "is_change": "boolean",
        "status": "string",
        "reason": "string",
        "over": "boolean",
        # What the platform could find the person by, a blank between two.
        "found_by": "string",
        "told_micros": "bigint",
        "currency": "string",
        "attempts": "bigint",
        "occurred_at": "timestamp",
        "created_at": "timestamp",
        "answered_at": "timestamp",
        "revision": "bigint",
    },
    key=("site_id", "destination_id", "conversion_id", "place"),
    version=("revision",),
)
"""What advertising platforms were told, and what they answered; in the partition of the conversion's day."""
