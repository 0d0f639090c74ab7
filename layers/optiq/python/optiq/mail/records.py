"""Which mail about a thing may be sent, in the table."""

from pynamodb.attributes import UnicodeAttribute

from optiq.kernel.table_ending import Temporary


class LatestMailRecord(Temporary):
    """The latest mail about a thing, such as an invitation: no other is sent. None is when `mail_id` is ""."""

    mail_id = UnicodeAttribute()
