"""Sharing: dashboards, reports for people outside, and by mail."""

from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.manifest import Context, Function, Item, Permission, Schedule
from optiq.mail.contracts import MailRequested

_SITE = "ORG#<org>#SITE#<site>"
CONTEXT = Context(
    name="sharing",
    what="dashboards, reports for people outside, and by mail",
    permissions=(
        Permission("dashboards:write", "MEMBER", "create and change dashboards"),
        Permission("shares:write", "ADMIN", "show reports to people outside, by links"),
        Permission("schedules:write", "MEMBER", "see and schedule reports by mail"),
    ),
    audits=("dashboard", "share_link", "scheduled_mail"),
    publishes=(MailRequested,),
    items=(
        Item("dashboard", _SITE, "DASHBOARD#<dashboard>", "cards of saved views on a grid"),
        Item(
            "share link",
            "SHARE#<hash of token>",
            "SHARE",
            "what the link with a token shows; a site's share links by time",
            gsi1pk="ORG#<org>#SITE#<site>#SHARES",
            gsi1sk="<instant>#<share>",
            tenantless=True,
        ),
        Item(
            "use of a share link",
            "SHARE#<hash of token>",
            "USE",
            "when a link was last used",
            tenantless=True,
            part_of="share link",
        ),
        Item("scheduled mail", _SITE, "MAILSCHEDULE#<schedule>", "what is sent to whom, and when"),
        Item(
            "due mail",
            _SITE,
            "MAILDUE#<schedule>",
            "when a scheduled mail is due next; all that are due, for the sweep",
            gsi1pk="DUEMAILS",
            gsi1sk="<instant>#<schedule>",
        ),
        Item("run of a mail", _SITE, "MAILRUN#<schedule>#<day>", "what became of a period; kept 400 days"),
    ),
    functions=(
        Function(
            "routes",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "lake", "address"),
            columns=True,
            shares=("reports",),
        ),
        # Strangers ask it: it writes answers that are kept, and that a link was used.
        Function(
            "shared",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "UpdateItem", "Query"),
            may=("lake",),
            columns=True,
            shares=("reports",),
        ),
        Function(
            "send_due",
            timeout_seconds=900,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "lake", "mail", "address"),
            columns=True,
            schedule=Schedule("Send the scheduled mails that are due", 0, 5 * MINUTE_MS),
        ),
    ),
)
