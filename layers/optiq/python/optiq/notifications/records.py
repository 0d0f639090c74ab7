"""The log of mails in the table. An entry is forgotten after KEPT_DAYS."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table import BySecondKey
from optiq.kernel.table_ending import Temporary


class MailRecord(Temporary):
    """One mail, found by its id (within its organization, if it has one); a recipient's by a hash of the address."""

    by_second_key = BySecondKey()

    mail_id = UnicodeAttribute()
    user_id = UnicodeAttribute(default="")
    template = UnicodeAttribute()
    subject = UnicodeAttribute()
    about = UnicodeAttribute(default="")
    status = UnicodeAttribute()
    reason = UnicodeAttribute(default="")
    carrier_id = UnicodeAttribute(default="")
    created_ms = NumberAttribute()
    changed_ms = NumberAttribute()


class LatestMailRecord(Temporary):
    """The latest mail about a thing, such as an invitation: no other is sent. None is when `mail_id` is ""."""

    mail_id = UnicodeAttribute()
