"""A change requests its mail in the same transaction. Notifications sends it when the event is delivered."""

from dataclasses import dataclass

from optiq.events import api as events
from optiq.events.contracts import Event
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.ids import new_id
from optiq.kernel.table import Put
from optiq.mail import keys
from optiq.mail.contracts import MailContent, MailRequested
from optiq.mail.records import LatestMailRecord


@dataclass(frozen=True, slots=True)
class MailRequest:
    """The writes and the event to commit together with the change that a mail is about."""

    mail_id: str
    writes: tuple[Put, ...]
    event: Event


def request_mail(
    publisher: str,
    to: str,
    content: MailContent,
    *,
    user_id: str = "",
    organization_id: str = "",
    about: str = "",
    valid_until_ms: int | None = None,
    clock: Clock = system_clock,
) -> MailRequest:
    """A mail that is sent once its writes and its event are committed.

    Args:
        publisher: the context that asks for it.
        organization_id: the organization that sends it and shows it in its log; none if it concerns a person alone.
        about: the id of the mail's subject in the organization; a later mail with the same id replaces this one until
            it is sent.
        valid_until_ms: when its link expires; it is not sent later. Default: a day from now.
    """
    now_ms = clock()
    mail_id = new_id("mail", now_ms)
    until_ms = now_ms + DAY_MS if valid_until_ms is None else valid_until_ms
    latest = (_latest(organization_id, about, mail_id, until_ms),) if about else ()
    fact = MailRequested(mail_id, to, content, about, until_ms, user_id)
    return MailRequest(mail_id, latest, events.event_of(publisher, organization_id, fact, now_ms))


def withdraw_mails(organization_id: str, about: str, now_ms: int) -> Put:
    """After this write, no more mail about `about` is sent."""
    return _latest(organization_id, about, "", now_ms + DAY_MS)


def is_latest(organization_id: str, about: str, mail_id: str) -> bool:
    """Whether a mail about a thing was neither replaced nor withdrawn."""
    try:
        latest = LatestMailRecord.get(*keys.latest_mail(organization_id, about), consistent_read=True)
    except LatestMailRecord.DoesNotExist:
        return True
    return bool(latest.mail_id == mail_id)


def _latest(organization_id: str, about: str, mail_id: str, until_ms: int) -> Put:
    key = keys.latest_mail(organization_id, about)
    return Put(LatestMailRecord(*key, mail_id=mail_id, forget_at=(until_ms + DAY_MS) // 1000), None)
