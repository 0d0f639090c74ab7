"""Entities of an account, and when its lists were read, in the table."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record


class EntityRecord(Record):
    """A campaign, group or ad; its ids are in the key. It is written only when something of it changes.

    `names` are pairs of a name and since when. `last_seen_ms` is there for what is gone: of the others it is that of
    the account's listing.
    """

    names = JSONAttribute()
    platform_status = UnicodeAttribute()
    kind = UnicodeAttribute()
    first_seen_ms = NumberAttribute()
    last_seen_ms = NumberAttribute(null=True)
    gone_ms = NumberAttribute(null=True)


class ListingRecord(Record):
    """When an account's lists were read last, and what they looked like."""

    listed_ms = NumberAttribute()
    digest = UnicodeAttribute()
