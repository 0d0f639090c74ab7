"""Tells people of an alert: in the console, and by mail. Each notice once for each of them."""

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
from optiq.alerts.telling.recipients import recipients_of
from optiq.alerts.telling.wording import headline, metric_of, wording
from optiq.events.contracts import Event
from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import id_from
from optiq.kernel.settings import settings as platform
from optiq.kernel.table import Put
from optiq.notifications import api as notifications
from optiq.notifications.inbox import api as inbox
from optiq.notifications.inbox.contracts import Notice
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
    """Sends the mails of a notice, and returns what puts it into the inboxes of the console.

    Raises:
        UpstreamError: deliver it again: a carrier does not answer. What was sent is not sent again.
    """
    organization_id = event.organization_id
    caller = Caller.system(organization_id)
    alert = ALERTS.get(caller, noticed.site_id, noticed.alert_id)
    rule = RULES.get(caller, noticed.site_id, alert.rule_id)
    try:
        site = tenancy.get_site(organization_id, noticed.site_id)
    except NotFoundError:
        return []
    if site.status == "ARCHIVED":
        return []
    currency = tenancy.get_organization(organization_id).currency
    words = wording(rule, alert, noticed, site.name, currency)
    url = f"{platform().public_url}/console/alerts?{urlencode({'site': site.site_id, 'alert': alert.alert_id})}"
    puts: list[Put] = []
    settings, connected_by = settings_of(organization_id, noticed.site_id), _connected_by(caller, rule, alert)
    for one in recipients_of(settings, rule, now_ms, connected_by):
        about = (alert.alert_id, noticed.notice, noticed.period, one.user_id or one.email)
        if one.user_id:
            notice = Notice(id_from("notice", event.at_ms, *about), alert.severity, words.title, url, event.at_ms)
            puts.append(inbox.putting(organization_id, one.user_id, notice))
        notifications.send_once(
            id_from("mail", event.at_ms, *about),
            one.email,
            notifications.alert(words.title, words.paragraphs, url),
            user_id=one.user_id,
            organization_id=organization_id,
            about=alert.alert_id,
            unsubscribe_url="",
            clock=lambda: now_ms,
        )
    return puts


def _connected_by(caller: Caller, rule: Rule, alert: Alert) -> str:
    """Who connected what a CONNECTION_ERROR is about: they can connect it again."""
    if rule.kind != "CONNECTION_ERROR":
        return ""
    return connections.get_connection(caller, alert.connection_id).granted_by
