"""Mail: what mails say, and how a change requests one."""

from optiq.kernel.manifest import Context, Item

CONTEXT = Context(
    name="mail",
    what="what mails say, and how a change requests one",
    data="MESSAGES",
    items=(Item("latest mail", "ORG#<org>", "LATEST_MAIL#<invitation>", "which mail about a thing may be sent"),),
)
