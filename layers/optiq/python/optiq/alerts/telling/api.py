"""Requests that people are notified of an alert."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from optiq.alerts.contracts import AlertNoticed
from optiq.alerts.lifecycle.advancing import is_flapping
from optiq.alerts.lifecycle.contracts import Alert
from optiq.alerts.lifecycle.stores import ALERTS
from optiq.alerts.rules.api import RULES
from optiq.alerts.stores import settings_of
from optiq.alerts.telling.contracts import ToldAlert
from optiq.alerts.telling.contributors import contributors
from optiq.alerts.telling.recipients import named
from optiq.alerts.telling.wording import headline, wording
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
        ToldAlert(one, headline(rules[one.rule_id], one, currency), rules[one.rule_id].name, is_flapping(one))
        for one in alerts
    ]


def tell(event: Event, noticed: AlertNoticed, now_ms: int) -> Sequence[Put]:
    """Requests the notifications of a notice: returns the writes that do.

    Raises:
        UpstreamError: deliver it again: the lake does not answer.
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
    said = wording(rule, alert, noticed, site.name, currency)
    points = contributors(caller, rule, alert) if noticed.notice == "TRIGGERED" else ()
    settings = settings_of(organization_id, noticed.site_id)
    user_ids = named(settings, rule)
    url = f"{platform().public_url}/console/alerts?{urlencode({'site': site.site_id, 'alert': alert.alert_id})}"
    fact = NotificationRequested(
        "alert",
        alert.severity,
        alert.alert_id,
        f"{noticed.notice} {noticed.period}",
        Message(said.title, said.paragraphs, points, "See the alert", url),
        user_ids=user_ids,
        addresses=settings.addresses,
        site_id=site.site_id,
        needs="reports:read",
        ends=noticed.notice == "RESOLVED",
        to_channels=True,
        timezone=site.timezone,
        quiet_from=settings.quiet_hours.start if settings.quiet_hours else "",
        quiet_until=settings.quiet_hours.end if settings.quiet_hours else "",
    )
    return events.outbox_items([events.event_of("alerts", organization_id, fact, now_ms)])
