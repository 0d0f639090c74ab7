"""Alerts: rules about a site's numbers, and what becomes of a breach."""

from optiq.alerts.contracts import AlertNoticed
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.manifest import (
    Context,
    Function,
    Item,
    NoticeKind,
    Permission,
    Schedule,
    TableAction,
    Webhook,
    Workflow,
)
from optiq.notifications.contracts import NotificationRequested

_SITE = "ORG#<org>#SITE#<site>"
_SWEEP = "alert_sweep"
_WRITES: tuple[TableAction, ...] = ("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query")

CONTEXT = Context(
    name="alerts",
    what="rules about a site's numbers, and what becomes of a breach",
    permissions=(
        Permission("alerts:read", "VIEWER", "see alerts and their rules"),
        Permission("alerts:write", "MEMBER", "write alert rules and maintenance windows, and handle alerts"),
    ),
    audits=("alert_settings", "alert_rule", "alert", "maintenance_window"),
    publishes=(AlertNoticed, NotificationRequested),
    webhooks=(
        Webhook("alert.triggered", "an alert begins", AlertNoticed, "notice", "TRIGGERED"),
        Webhook("alert.escalated", "an alert has become twice as bad", AlertNoticed, "notice", "ESCALATED"),
        Webhook("alert.resolved", "an alert is over", AlertNoticed, "notice", "RESOLVED"),
    ),
    notices=(NoticeKind("alert", "alerts of sites", shared=True),),
    items=(
        Item("alert settings", _SITE, "ALERTS", "who gets a site's alerts"),
        Item(
            "alert rule",
            _SITE,
            "ALERTRULE#<rule>",
            "one rule, or all of a site; all that are judged",
            gsi1pk="ALERT_RULES",
            gsi1sk="<org>#<site>#<rule>",
        ),
        Item(
            "watch of an alert rule",
            _SITE,
            "ALERTWATCH#<watch>",
            "what a rule has judged of the site, or of one connection, and its latest alerts",
        ),
        Item("alert", _SITE, "ALERT#<alert>", "one alert, or a site's by time"),
        Item("maintenance window", _SITE, "ALERTWINDOW#<window>", "a time that is not as usual"),
    ),
    functions=(
        Function(
            "routes",
            timeout_seconds=29,
            table=_WRITES,
            may=("secret", "lake"),
            columns=True,
            shares=("reports",),
        ),
        Function(
            "start_sweep", may=(), starts=_SWEEP, schedule=Schedule("Judge the alert rules", every_ms=15 * MINUTE_MS)
        ),
        Function("plan_sweep", timeout_seconds=60, table=("BatchGetItem",), may=("index",)),
        Function(
            "sweep_site",
            memory_mb=1024,
            timeout_seconds=300,
            table=_WRITES,
            may=("lake",),
            columns=True,
        ),
        Function(
            "on_alert_noticed",
            timeout_seconds=90,
            table=_WRITES,
            may=("address",),
            subscribes=(AlertNoticed,),
        ),
    ),
    workflows=(
        Workflow(
            _SWEEP,
            tasks={"Plan": "plan_sweep", "Sweep": "sweep_site"},
            setting="OPTIQ_ALERT_SWEEP_MACHINE",
            hours=1,
        ),
    ),
)
