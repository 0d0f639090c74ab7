"""The lock of a checkout."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table_ending import Temporary


class CheckoutRecord(Temporary):
    """An organization's open page to pay on. `attempt` grows with each, and is a part of its key at Stripe."""

    attempt = NumberAttribute()
    lookup_key = UnicodeAttribute()
    session_id = UnicodeAttribute(default="")
    url = UnicodeAttribute(default="")
