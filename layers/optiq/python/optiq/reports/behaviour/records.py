"""What saved funnels' attempts were made of, in the table."""

from pynamodb.attributes import BinaryAttribute, NumberAttribute

from optiq.kernel.table import Record

NEVER_MS = 1 << 60
"""Entries since then are stored of a funnel that nobody has saved any more."""


class SavedFunnelRecord(Record):
    """A funnel whose attempts are stored.

    Attributes:
        covered_from_ms: entries since then are stored. built_ms: when all were last made anew.
        seen: what lay in the lake (stores.py), as compressed JSON.
    """

    covered_from_ms = NumberAttribute()
    built_ms = NumberAttribute()
    seen = BinaryAttribute(legacy_encoding=False)
