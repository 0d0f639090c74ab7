"""Notifications: what people and programs are sent, on which channels, and what became of it."""

from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.manifest import Context, Function, Grant, Item, NoticeKind, Permission, Schedule, TableAction
from optiq.mail.contracts import MailRequested
from optiq.notifications.contracts import NotificationRequested

_ORGANIZATION = "ORG#<org>"
_WRITES: tuple[TableAction, ...] = ("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query")
_SENDS: tuple[Grant, ...] = ("index", "secret", "mail", "address")

CONTEXT = Context(
    name="notifications",
    what="what people and programs are sent, and what became of it",
    data="MESSAGES",
    permissions=(
        Permission("mails:read", "ADMIN", "see what mail was sent"),
        Permission("message_channels:read", "ADMIN", "see channels of Slack and webhooks, and what they were sent"),
        Permission(
            "message_channels:write", "ADMIN", "create and change channels of Slack and webhooks, and send again"
        ),
        Permission("notifications:write", "ADMIN", "say what people are notified of who have chosen nothing"),
    ),
    audits=("channel", "notification_preferences"),
    publishes=(NotificationRequested,),
    notices=(NoticeKind("channel", "channels of yours that were switched off"),),
    items=(
        Item(
            "mail",
            "DELIVERY#<mail>",
            "DELIVERY",
            "one mail to a person for themselves; an address's mails by time",
            gsi1pk="DELIVERIES#<address hash>",
            gsi1sk="<mail>",
            tenantless=True,
            owned_by=("user_id",),
        ),
        Item(
            "delivery",
            _ORGANIZATION,
            "DELIVERY#<delivery>",
            "one message to one recipient; an organization's by channel and time; a recipient's",
            gsi1pk="DELIVERIES#<address hash or channel>",
            gsi1sk="<delivery>",
            owned_by=("site_id", "user_id"),
        ),
        Item(
            "due delivery",
            _ORGANIZATION,
            "DUE#<delivery>",
            "when a delivery is tried next; all that are due, for the sweep",
            gsi1pk="DUE_DELIVERIES",
            gsi1sk="<instant>#<delivery>",
        ),
        Item(
            "due mail of a person",
            "DUE#<mail>",
            "DUE",
            "the same of a mail to a person for themselves",
            gsi1pk="DUE_DELIVERIES",
            gsi1sk="<instant>#<mail>",
            tenantless=True,
            nobodys="it has a mail's id alone, and ends by itself",
        ),
        Item(
            "channel",
            _ORGANIZATION,
            "CHANNEL#<channel>",
            "one channel of Slack or webhook, or all",
            owned_by=("site_id",),
            data="SETTINGS",
        ),
        Item("health of a channel", _ORGANIZATION, "TARGET#<channel>", "since when it fails, until when it is held"),
        Item(
            "notification preferences",
            _ORGANIZATION,
            "PREFERENCES#<user>",
            "what a person wants to be notified of",
            data="SETTINGS",
        ),
        Item("ended mail", _ORGANIZATION, "UNSUBSCRIBED#<topic>#<recipient>", "who ended which recurring mail"),
        Item(
            "suppressed address",
            "SUPPRESSED#<address hash>",
            "SUPPRESSED",
            "whether mail may be sent to an address",
            tenantless=True,
            nobodys="a keyed hash: who wants no mail, or whose address takes none, gets none later either",
        ),
        Item(
            "notice", "ORG#<org>#INBOX#<user>", "NOTICE#<notice>", "what a person is told in the console; kept 90 days"
        ),
    ),
    functions=(
        Function(
            "on_mail_events",
            table=("GetItem", "PutItem", "UpdateItem"),
            may=("address",),
            hears=(
                "aws.ses",
                (
                    "Email Delivered",
                    "Email Bounced",
                    "Email Complaint Received",
                    "Email Rejected",
                    "Email Opened",
                    "Email Clicked",
                ),
            ),
        ),
        Function("routes", timeout_seconds=29, table=_WRITES, may=("secret", "index", "address")),
        Function("unsubscribe", table=("PutItem",), may=("secret",)),
        Function("on_mail_requested", timeout_seconds=29, table=_WRITES, may=_SENDS, subscribes=(MailRequested,)),
        Function(
            "on_notification_requested",
            timeout_seconds=110,
            table=_WRITES,
            may=_SENDS,
            subscribes=(NotificationRequested,),
        ),
        Function("on_webhook", timeout_seconds=110, table=_WRITES, may=_SENDS, gets_webhooks=True),
        Function("on_conversions", table=_WRITES, may=("secret",), consumes=("ConversionRecorded",), reserved=20),
        Function(
            "send_due",
            timeout_seconds=120,
            table=_WRITES,
            may=_SENDS,
            schedule=Schedule("Send the notifications that are due", every_ms=MINUTE_MS, retries=0),
        ),
    ),
)
