"""Notices in the table. One is forgotten after KEPT_DAYS."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table_ending import Temporary

KEPT_DAYS = 90


class NoticeRecord(Temporary):
    """A person's notice in an organization; its id sorts by time."""

    notice_id = UnicodeAttribute()
    severity = UnicodeAttribute()
    title = UnicodeAttribute()
    text = UnicodeAttribute(default="")
    url = UnicodeAttribute()
    created_ms = NumberAttribute()
    read_ms = NumberAttribute(null=True)
