"""Events about alerts as their subscribers get them, and what is sent then."""

from dataclasses import asdict

from optiq.kernel.clock import MINUTE_MS, system_clock
from optiq.notifications import api as notifications
from optiq.ports.mail import Mail

from functions.alerts.on_alert_noticed import handler
from tests.functional.alerts.watching import Watched
from tests.functional.sharing.mailing import Carrier
from tests.functional.subscribers import deliver_events


def deliver(watched: Watched) -> None:
    """Hands each event about an alert to its subscriber, and sends what is due two minutes later."""
    for event in watched.noticed():
        handler({"detail": asdict(event)}, None)
    deliver_events()
    send(2)


def mails_of(watched: Watched, carrier: Carrier) -> list[Mail]:
    """What the carrier took for the organization: earlier tests left messages of theirs."""
    return [mail for mail in carrier.taken if mail.organization_id == watched.company.organization_id]


def send(minutes: int) -> None:
    notifications.send_due(lambda: False, lambda: system_clock() + minutes * MINUTE_MS)
