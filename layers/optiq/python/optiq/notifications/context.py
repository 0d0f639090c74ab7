"""Notifications: mails to people, and what they are told in the console."""

from optiq.kernel.manifest import Context, Function, Item, Permission
from optiq.notifications.contracts import MailRequested

CONTEXT = Context(
    name="notifications",
    what="mails to people, and what they are told in the console",
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
            "notice", "ORG#<org>#INBOX#<user>", "NOTICE#<notice>", "what a person is told in the console; kept 90 days"
        ),
        Item("latest mail", "ORG#<org>", "LATEST_MAIL#<invitation>", "which mail about a thing may be sent"),
    ),
    functions=(
        Function(
            "on_mail_events",
            table=("UpdateItem",),
            hears=("aws.ses", ("Email Delivered", "Email Bounced", "Email Complaint Received")),
        ),
        Function("routes", table=("GetItem", "PutItem", "UpdateItem", "Query"), may=("secret",)),
        Function(
            "on_mail_requested",
            timeout_seconds=29,
            table=("GetItem", "UpdateItem"),
            may=("mail",),
            subscribes=(MailRequested,),
        ),
    ),
)
