"""Alerts: what a site's people want to be alerted to. Nothing sends alerts yet."""

from optiq.kernel.manifest import Context, Function, Item

CONTEXT = Context(
    name="alerts",
    what="what a site's people want to be alerted to",
    audits=("alert_settings",),
    items=(Item("alert settings", "ORG#<org>#SITE#<site>", "ALERTS", "a site's alert rules, and who gets them"),),
    functions=(Function("routes", table=("GetItem", "PutItem"), may=("secret",)),),
)
