"""Scheduled mails as tests need them: people with addresses, a clock that is set, a carrier that is watched."""

from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, MINUTE_MS, from_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.permissions import ROLES
from optiq.kernel.settings import settings
from optiq.notifications import api as notifications
from optiq.notifications.contracts import Delivery
from optiq.ports.mail import Mail, Mailer
from optiq.sharing.mails import api as mails
from optiq.sharing.mails.contracts import MailRun, MailSchedule, Sweep

from tests.functional.identity.people import Someone
from tests.functional.sharing.making import employ
from tests.functional.subscribers import deliver_events

CREATED = "2026-01-11T12:00:00Z"
"""A Sunday; the next day at 08:00 UTC a mail of Mondays is due, which reports the week of 5 January."""
DUE_MS = from_rfc3339("2026-01-12T08:00:00Z")


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Carrier:
    """Takes mails as the outbox does, and says which recur. `before` and `after` may end the process."""

    mailer: Mailer
    before: Callable[[Mail], None] = lambda _: None
    after: Callable[[Mail], None] = lambda _: None
    taken: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> str:
        if mail.stream == "ACCOUNT":
            return self.mailer.send(mail)
        self.before(mail)
        carrier_id = self.mailer.send(mail)
        self.taken.append(mail)
        self.after(mail)
        return carrier_id

    def to(self, someone: Someone) -> list[Mail]:
        return [mail for mail in self.taken if mail.to == someone.address]


def refusing(_: Mail) -> None:
    raise UpstreamError("the carrier takes no mail", retryable=True)


def killing(*_: object) -> None:
    raise Killed


def member(organization_id: str, role: Any = "MEMBER") -> Someone:
    """Somebody with an account who is a member of the organization."""
    someone = Someone()
    employ(organization_id, someone.user_id, role)
    return someone


def caller_of(organization_id: str, someone: Someone, role: Any = "MEMBER") -> Caller:
    return Caller(organization_id, someone.user_id, someone.user_id, ROLES[role])


def schedule_of(caller: Caller, site_id: str, view_id: str, *recipients: Someone, **more: Any) -> MailSchedule:
    """A mail of a view on Mondays at 08:00 UTC."""
    values: dict[str, Any] = {
        "name": "Monday <b>",
        "kind": "VIEW",
        "shared_id": view_id,
        "every": "WEEK",
        "hour": 8,
        "recipients": tuple(one.user_id for one in recipients),
        "clock": lambda: from_rfc3339(CREATED),
    }
    return mails.create_schedule(caller, site_id, **values | more).schedule


def sweep(after_hours: float = 0.0, *, minutes: int = 0) -> Sweep:
    """A sweep at a time after the mail was due."""
    now_ms = DUE_MS + round(after_hours * HOUR_MS) + minutes * MINUTE_MS
    return mails.send_due(clock=lambda: now_ms, stop=lambda: False)


def runs(schedule: MailSchedule) -> list[MailRun]:
    caller = Caller.system(schedule.organization_id)
    return mails.list_runs(caller, schedule.site_id, schedule.schedule_id)


def statuses(schedule: MailSchedule) -> list[tuple[str, str, int]]:
    return [(run.day, run.status, run.sent) for run in runs(schedule)]


def listed(someone: Someone) -> list[Delivery]:
    deliver_events()
    return [mail for mail in notifications.mails_to(someone.address) if mail.kind.startswith("REPORT")]


def eml(mail_id: str) -> EmailMessage:
    raw = (Path(settings().mail_carrier) / f"{mail_id}.eml").read_bytes()
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())
