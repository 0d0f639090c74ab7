"""Notifications: mails to people."""

from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.manifest import Context, Function, Item, Permission, Schedule

CONTEXT = Context(
    name="notifications",
    what="mails to people",
    permissions=(Permission("mails:read", "ADMIN", "see what mail was sent"),),
    items=(
        Item(
            "mail",
            "MAIL#<mail>",
            "MAIL",
            "one mail to a person for themselves; an address's mails by time",
            gsi1pk="MAILS#<address hash>",
            gsi1sk="<mail>",
            tenantless=True,
        ),
        Item(
            "organization's mail",
            "ORG#<org>",
            "MAIL#<mail>",
            "one mail sent for an organization; an organization's mails by time; an address's",
            gsi1pk="MAILS#<address hash>",
            gsi1sk="<mail>",
        ),
        Item(
            "owed mail",
            "OWED#<invitation> or OWED#<mail>",
            "OWED",
            "a mail that a change owes; those that were not sent yet, by time",
            gsi1pk="OWED_MAILS",
            gsi1sk="<instant>#<mail>",
            tenantless=True,
        ),
    ),
    functions=(
        Function(
            "on_mail_events",
            table=("UpdateItem",),
            hears=("aws.ses", ("Email Delivered", "Email Bounced", "Email Complaint Received")),
        ),
        Function("routes", table=("Query",)),
        # The next minute's run does the same, so nothing is tried again.
        Function(
            "send_owed",
            table=("GetItem", "UpdateItem"),
            may=("index", "mail"),
            schedule=Schedule("Send the mails that nobody sent", every_ms=MINUTE_MS, retries=0),
        ),
    ),
)
