"""Requests that people are notified of an alert."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from optiq.ads.connections import api as connections
from optiq.alerts.contracts import AlertNoticed
from optiq.alerts.lifecycle.advancing import is_flapping
from optiq.alerts.lifecycle.contracts import Alert
from optiq.alerts.lifecycle.stores import ALERTS
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.rules.stores import RULES
from optiq.alerts.stores import settings_of
from optiq.alerts.sweeping.explaining import column_of, question_of
from optiq.alerts.telling.contracts import ToldAlert
from optiq.alerts.telling.recipients import NEEDS, named
from optiq.alerts.telling.wording import headline, metric_of, wording
from optiq.events import api as events
from optiq.events.contracts import Event
from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError
from optiq.kernel.settings import settings as platform
from optiq.kernel.table import Put
from optiq.notifications.contracts import Message, NotificationRequested
from optiq.tenancy import api as tenancy

__all__ = ["tell", "told"]


def told(caller: Caller, site_id: str, alerts: Iterable[Alert]) -> list[ToldAlert]:
    """Alerts of a site with their sentences."""
    currency = tenancy.get_organization(caller.organization_id).currency
    rules = {rule.rule_id: rule for rule in RULES.all_of(caller.organization_id, site_id)}
    return [
        ToldAlert(
            one,
            headline(rule, one, currency),
            rule.name,
            is_flapping(one),
            metric_of(rule, one),
            column_of(rule, one) if one.contributors else "",
            currency,
            question_of(rule, one),
        )
        for one in alerts
        for rule in [rules[one.rule_id]]
    ]


def tell(event: Event, noticed: AlertNoticed, now_ms: int) -> Sequence[Put]:
    """Requests the notifications of a notice: returns the writes that do."""
    organization_id = event.organization_id
    caller = Caller.system(organization_id)
    alert = ALERTS.get(caller, noticed.site_id, noticed.alert_id)
    rule = RULES.get(caller, noticed.site_id, alert.rule_id)
    site = tenancy.site_if_any(organization_id, noticed.site_id)
    if site is None or site.status == "ARCHIVED":
        return []
    currency = tenancy.get_organization(organization_id).currency
    words = wording(rule, alert, noticed, site.name, currency)
    settings = settings_of(organization_id, noticed.site_id)
    user_ids, addresses = named(settings, rule, now_ms, _connected_by(caller, rule, alert))
    url = f"{platform().public_url}/console/alerts?{urlencode({'site': site.site_id, 'alert': alert.alert_id})}"
    fact = NotificationRequested(
        "alert",
        alert.severity,
        alert.alert_id,
        f"{noticed.notice} {noticed.period}",
        Message(words.title, words.paragraphs, action="See the alert", url=url),
        user_ids=user_ids,
        addresses=addresses,
        site_id=site.site_id,
        needs=NEEDS,
        ends=noticed.notice == "RESOLVED",
        to_channels=True,
        timezone=site.timezone,
        quiet_from=settings.quiet_hours.start if settings.quiet_hours else "",
        quiet_until=settings.quiet_hours.end if settings.quiet_hours else "",
    )
    return events.outbox_items([events.event_of("alerts", organization_id, fact, now_ms)])


def _connected_by(caller: Caller, rule: Rule, alert: Alert) -> str:
    """Who connected what a CONNECTION_ERROR is about: they can connect it again. "" where it is no more."""
    if rule.kind != "CONNECTION_ERROR":
        return ""
    try:
        return connections.get_connection(caller, alert.connection_id).granted_by
    except NotFoundError:
        return ""
