"""Mails that contexts request or send themselves, and what carriers report of mails."""

from collections.abc import Sequence
from operator import attrgetter

from optiq.events.contracts import Event
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.ids import id_from
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.settings import settings
from optiq.kernel.table import Put, put_one
from optiq.mail import api as mails
from optiq.mail.contracts import MailContent, MailRequested
from optiq.notifications.contracts import Delivery, State
from optiq.notifications.delivering.attempting import attempt, attempt_with
from optiq.notifications.inbox import api as inbox
from optiq.notifications.inbox.contracts import Notice
from optiq.notifications.outbox import records
from optiq.notifications.outbox.contracts import Envelope
from optiq.notifications.suppression.records import lift_bounce, suppress
from optiq.ports.mail import Attachment

__all__ = ["list_mails", "mails_to", "record_outcome", "record_reading", "send_once", "send_requested"]

_LIST = "mails"


def send_requested(event: Event, mail: MailRequested, now_ms: int) -> Sequence[Put]:
    """Adds a mail that was requested, and tries it; what the carrier does not take now is tried again later."""
    organization_id = event.organization_id
    delivery = Delivery(
        organization_id,
        mail.mail_id,
        "MAIL",
        mails.address_hash(mail.to),
        mail.content.template,
        mail.content.subject,
        mail.about,
        event.at_ms,
        user_id=mail.user_id,
        next_ms=event.at_ms,
        valid_until_ms=mail.valid_until_ms,
    )
    records.add(delivery, Envelope(to=mail.to, content=mail.content))
    attempt(organization_id, mail.mail_id, now_ms)
    return ()


def send_once(
    mail_id: str,
    to: str,
    content: MailContent,
    *,
    user_id: str,
    organization_id: str,
    about: str,
    topic: str,
    attachments: tuple[Attachment, ...] = (),
    clock: Clock = system_clock,
) -> State:
    """Sends a mail that recurs, at once: it is too large for the table. With the same id again it is sent no more.

    The log has it as PENDING before it is handed over, so a process that ends in between is followed by another try.

    Args:
        topic: what its recipient ends by the address in it.

    Returns:
        Its status in the log; FAILED when the carrier refused it for good.

    Raises:
        UpstreamError: the carrier may take it later, or another try has it: ask with the same id.
    """
    now_ms = clock()
    delivery = Delivery(
        organization_id,
        mail_id,
        "MAIL",
        mails.address_hash(to),
        content.template,
        content.subject,
        about,
        now_ms,
        user_id=user_id,
        topic=topic,
    )
    records.add(delivery, None)
    tried = attempt_with(organization_id, mail_id, to, content, attachments, now_ms)
    found = tried or records.find(organization_id, mail_id) or delivery
    if found.status in ("PENDING", "SENDING"):
        raise UpstreamError(found.reason or "the mail is being sent by another process", retryable=True)
    return found.status


def record_outcome(
    mail_id: str, status: State, reason: str, *, organization_id: str = "", clock: Clock = system_clock
) -> bool:
    """Records a later report: DELIVERED, BOUNCED, COMPLAINED, or FAILED when the carrier refused it.

    Nothing is sent to an address that bounced for good, or whose owner complained; its member reads so in the console.
    A mail that arrives after the bounce ends that.

    Returns:
        False for an unknown mail, or one with this or a later status.
    """
    now_ms = clock()
    if not records.report(organization_id, mail_id, status, reason, now_ms):
        return False
    found = records.find(organization_id, mail_id)
    if found and status == "DELIVERED":
        lift_bounce(found.target, found.sent_ms)
    if found and status in ("BOUNCED", "COMPLAINED"):
        suppress(found.target, "BOUNCED" if status == "BOUNCED" else "COMPLAINED", now_ms)
        if found.user_id and organization_id:
            put_one(_cannot_reach(found, now_ms))
    return True


def record_reading(mail_id: str, *, clicked: bool, organization_id: str = "", clock: Clock = system_clock) -> bool:
    """Records that a mail was opened, or a link of it followed. False for an unknown mail, and after the first time."""
    return records.note_reading(organization_id, mail_id, clicked=clicked, now_ms=clock())


def list_mails(
    caller: Caller, *, limit: int = 50, cursor: str | None = None, clock: Clock = system_clock
) -> Page[Delivery]:
    """A page of the organization's mails, newest first. Raises InvalidError for another list's cursor."""
    after = place_after(cursor, _LIST) or ""
    found = records.of_channel(caller.organization_id, "MAIL", limit + 1, after, clock())
    return page_of(_LIST, found, limit, attrgetter("delivery_id"))


def mails_to(address: str, limit: int = 50) -> list[Delivery]:
    """What was sent to an address, newest first."""
    return records.to_target(mails.address_hash(address), limit)


def _cannot_reach(delivery: Delivery, now_ms: int) -> Put:
    notice = Notice(
        id_from("notice", delivery.created_ms, "cannot reach", delivery.target),
        "WARNING",
        "We cannot reach you by mail",
        f"{settings().public_url}/console/account",
        now_ms,
        text="A mail to you came back, or was marked as spam. Nothing more is sent to your address: change it.",
    )
    return inbox.putting(delivery.organization_id, delivery.user_id, notice)
