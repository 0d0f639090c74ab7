"""A change requests its mail in the same transaction. The mail is sent when the event is delivered.

A mail is marked before and after it is handed over. Only a process that ends between the carrier's answer and the mark
after it leads to a second copy; the outbox folder of one machine keeps one file of both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optiq.events import api as events
from optiq.events.contracts import Event
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.ids import new_id
from optiq.kernel.table import Put, Update, put_one, update_if
from optiq.notifications import keys
from optiq.notifications.contracts import MailContent, MailRequested, MailStatus
from optiq.notifications.log import change_status, log_entry, status_of, status_update
from optiq.notifications.records import LatestMailRecord, MailRecord
from optiq.notifications.rendering import as_html, as_text
from optiq.ports import wiring
from optiq.ports.mail import Attachment, Mail


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
    """A mail that is sent once its writes and its event are committed; its status is QUEUED until then.

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
    entry = log_entry(
        mail_id, to, content, user_id=user_id, organization_id=organization_id, about=about, now_ms=now_ms
    )
    latest = [_latest(organization_id, about, mail_id, until_ms)] if about else []
    fact = MailRequested(mail_id, to, content, about, until_ms)
    return MailRequest(mail_id, (Put(entry, None), *latest), events.event_of(publisher, organization_id, fact, now_ms))


def withdraw_mails(organization_id: str, about: str, now_ms: int) -> Put:
    """After this write, no more mail about `about` is sent."""
    return _latest(organization_id, about, "", now_ms + DAY_MS)


def send_requested(event: Event, mail: MailRequested, now_ms: int) -> Sequence[Update]:
    """Sends a mail that was requested, unless it was sent, replaced or withdrawn, or its link expired.

    Returns:
        The updates of the log.

    Raises:
        UpstreamError: the carrier rejected it and may accept it later.
    """
    organization_id = event.organization_id
    if status_of(mail.mail_id, organization_id) not in ("QUEUED", "FAILED"):
        return []
    if reason := _obsolete(organization_id, mail, now_ms):
        return [status_update(mail.mail_id, organization_id, "FAILED", reason, "", now_ms)]
    return _hand_over(_message(mail.mail_id, mail.to, mail.content, organization_id), now_ms)


def send_once(
    mail_id: str,
    to: str,
    content: MailContent,
    *,
    user_id: str,
    organization_id: str,
    about: str,
    unsubscribe_url: str,
    attachments: tuple[Attachment, ...] = (),
    clock: Clock = system_clock,
) -> MailStatus:
    """Sends a mail that recurs, at once: it is too large for an event. With the same id again it is sent no more.

    The log has it as QUEUED before it is handed over, so a process that ends in between is followed by another try.

    Returns:
        Its status in the log; FAILED when the carrier refused it for good.

    Raises:
        UpstreamError: the carrier may take it later; ask with the same id.
    """
    now_ms = clock()
    entry = log_entry(
        mail_id, to, content, user_id=user_id, organization_id=organization_id, about=about, now_ms=now_ms
    )
    put_one(Put(entry, MailRecord.pk.does_not_exist()))
    status = status_of(mail_id, organization_id)
    if status not in ("QUEUED", "FAILED"):
        return status or "FAILED"
    message = _message(mail_id, to, content, organization_id)
    for update in _hand_over(replace(message, unsubscribe_url=unsubscribe_url, attachments=attachments), now_ms):
        update_if(update)
    return status_of(mail_id, organization_id) or "FAILED"


def _message(mail_id: str, to: str, content: MailContent, organization_id: str) -> Mail:
    return Mail(mail_id, to, content.subject, as_text(content), as_html(content), organization_id)


def _hand_over(message: Mail, now_ms: int) -> Sequence[Update]:
    """Gives a mail to the carrier. Returns the updates of the log. Raises UpstreamError when it may take it later."""
    try:
        carrier_id = wiring.mailer().send(message)
    except UpstreamError as error:
        change_status(message.mail_id, message.organization_id, "FAILED", str(error), "", now_ms)
        if error.retryable:
            raise
        return []
    return [status_update(message.mail_id, message.organization_id, "SENT", "", carrier_id, now_ms)]


def _latest(organization_id: str, about: str, mail_id: str, until_ms: int) -> Put:
    key = keys.latest_mail(organization_id, about)
    return Put(LatestMailRecord(*key, mail_id=mail_id, forget_at=(until_ms + DAY_MS) // 1000), None)


def _obsolete(organization_id: str, mail: MailRequested, now_ms: int) -> str:
    """The reason not to send a mail, or ""."""
    if mail.valid_until_ms <= now_ms:
        return "expired before it could be sent"
    if not mail.about:
        return ""
    try:
        latest = LatestMailRecord.get(*keys.latest_mail(organization_id, mail.about), consistent_read=True)
    except LatestMailRecord.DoesNotExist:
        return ""
    return "" if latest.mail_id == mail.mail_id else "replaced or withdrawn before it was sent"
