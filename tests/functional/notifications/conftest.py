"""An organization with channels, receivers on this machine, and messages for its people."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from optiq.events import api as events
from optiq.kernel.clock import system_clock
from optiq.kernel.settings import settings
from optiq.kernel.table import Put, put_together
from optiq.notifications import api as notifications
from optiq.notifications.channels import api as channels
from optiq.notifications.channels import networks
from optiq.notifications.channels.contracts import NewChannel
from optiq.notifications.contracts import Message, NotificationRequested
from optiq.ports import wiring
from optiq.ports.mail import Mail
from types_boto3_dynamodb import DynamoDBClient

from tests.functional.identity.people import Someone
from tests.functional.notifications.receivers import Receiver, receiving
from tests.functional.tenancy.organizations import Company


@dataclass
class Sender:
    """An organization that notifies people. `now_ms` is what its clock says."""

    company: Company
    now_ms: int = field(default_factory=system_clock)

    @property
    def organization_id(self) -> str:
        return self.company.organization_id

    def ask(self, **fields: Any) -> None:
        """A context asks for a notification, and the event is handled."""
        values: dict[str, Any] = {
            "kind": "alert",
            "severity": "CRITICAL",
            "about": "alert_1",
            "period": "TRIGGERED 2026-11-24",
            "message": Message(
                "Orders were 52", action="See the alert", url="https://optiq.example/console/alerts?a=1"
            ),
            "user_ids": (self.company.owner.user_id,),
        }
        fact = NotificationRequested(**{**values, **fields})
        event = events.event_of("alerts", self.organization_id, fact, self.now_ms)
        if puts := [put for put in notifications.notify(event, fact, self.now_ms) if isinstance(put, Put)]:
            assert put_together(puts)

    def sweep(self, after_ms: int = 0) -> None:
        """Time passes, and what is due is sent."""
        self.now_ms += after_ms
        notifications.send_due(lambda: False, lambda: self.now_ms)

    def channel(self, receiver: Receiver, kind: Any = "WEBHOOK", **fields: Any) -> NewChannel:
        takes = ["alert"] if kind == "SLACK" else ["alert.triggered", "alert.resolved"]
        values = {"kind": kind, "name": "Hook", "url": receiver.url, "takes": takes}
        return channels.create_channel(self.company.actor(), **{**values, **fields})


@dataclass
class Carrier:
    """Takes mails as the outbox does."""

    taken: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> str:
        self.taken.append(mail)
        return mail.mail_id

    def to(self, someone: Someone) -> list[Mail]:
        return [mail for mail in self.taken if mail.to == someone.address]


@pytest.fixture
def sender(table: DynamoDBClient) -> Sender:
    return Sender(Company())


@pytest.fixture
def carrier(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    found = Carrier()
    monkeypatch.setattr(wiring, "mailer", lambda: found)
    return found


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A server on this machine, which the operator lets organizations reach."""
    inside = replace(settings(), webhook_networks="127.0.0.0/8")
    monkeypatch.setattr(networks, "settings", lambda: inside)
    with receiving() as found:
        yield found
