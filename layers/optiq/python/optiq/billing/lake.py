"""The tables that billing writes into the lake."""

from optiq.kernel.lake_tables import LakeTable

CREDIT_ENTRIES = LakeTable(
    "credit_entries",
    {
        "sequence": "bigint",
        "written_at": "timestamp",
        "type": "string",
        "amount": "bigint",
        "balance_after": "bigint",
        "held_after": "bigint",
        "product": "string",
        "source_kind": "string",
        "source_id": "string",
        "actor": "string",
        "postings": "string",
        "seal": "string",
    },
    key=("sequence",),
    version=("written_at",),
    whole_days=True,
    data="BILLING",
)
"""Entries of ledgers by the UTC day on which they were written. The seal of a day's last entry covers all before."""
