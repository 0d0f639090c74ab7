"""The notifications context: sends people and programs what contexts ask for, once, and keeps what became of it.

What contexts request is handled without a caller, because mails also go to users without an organization.
"""

from optiq.notifications.delivering.sweeping import send_due
from optiq.notifications.forgetting import erase_mails_to, forget_contents
from optiq.notifications.mailing.api import (
    list_mails,
    mails_to,
    record_outcome,
    record_reading,
    send_once,
    send_requested,
)
from optiq.notifications.outbox.items.records import KEPT_DAYS
from optiq.notifications.requested.api import notify

__all__ = [
    "KEPT_DAYS",
    "erase_mails_to",
    "forget_contents",
    "list_mails",
    "mails_to",
    "notify",
    "record_outcome",
    "record_reading",
    "send_due",
    "send_once",
    "send_requested",
]
