"""Notices in the table. One is forgotten after KEPT_DAYS."""

from typing import cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table import whole_or_none
from optiq.kernel.table_ending import Temporary
from optiq.notifications.contracts import Severity
from optiq.notifications.inbox.contracts import Notice

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

    def contract(self) -> Notice:
        return Notice(
            self.notice_id,
            cast(Severity, self.severity),
            self.title,
            self.url,
            int(self.created_ms),
            whole_or_none(self.read_ms),
            self.text or "",
        )
