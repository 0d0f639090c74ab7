"""A mail: handed over to the carrier, unless its address is suppressed or its recipient ended it."""

from dataclasses import replace

from optiq.kernel.errors import UpstreamError
from optiq.mail import api as mails
from optiq.mail.contracts import MailContent, Template
from optiq.notifications.contracts import Delivery
from optiq.notifications.ending import api as ending
from optiq.notifications.outbox.contracts import Envelope, Outcome
from optiq.notifications.sending.retrying import wait_ms
from optiq.notifications.suppression.records import suppressed
from optiq.ports import wiring
from optiq.ports.mail import Attachment, Mail, MailStream

_BY_THEIR_OWN_ACT: tuple[Template, ...] = (
    "VERIFY_ADDRESS",
    "ACCOUNT_EXISTS",
    "MAGIC_LINK",
    "PASSWORD_RESET",
    "NO_ACCOUNT",
    "SIGN_UP_CLOSED",
    "NEW_DEVICE",
    "SECURITY_NOTICE",
)
"""Somebody asked for them, or must know: they are sent to an address that bounced once, too."""
_STREAMS: dict[str, MailStream] = {"REPORT": "REPORT", "NOTICE": "ALERT", "ALERT": "ALERT"}
_WHY = {"BOUNCED": "the address does not exist", "COMPLAINED": "its owner marked mail from here as spam"}


def carry(delivery: Delivery, envelope: Envelope, now_ms: int) -> Outcome:
    """Gives a mail to the carrier."""
    if delivery.about and not mails.is_latest(delivery.organization_id, delivery.about, delivery.delivery_id):
        return Outcome("SUPPRESSED", "replaced or withdrawn before it was sent")
    return hand_over(delivery, envelope.to, _content(delivery, envelope), (), now_ms)


def hand_over(
    delivery: Delivery, to: str, content: MailContent, attachments: tuple[Attachment, ...], now_ms: int
) -> Outcome:
    why = suppressed(delivery.target)
    if why == "COMPLAINED" or (why == "BOUNCED" and delivery.kind not in _BY_THEIR_OWN_ACT):
        return Outcome("SUPPRESSED", f"nothing is sent to the address: {_WHY[why]}")
    recipient, url = delivery.user_id or delivery.target, ""
    if delivery.topic:
        if ending.has_ended(delivery.organization_id, delivery.topic, recipient):
            return Outcome("SUPPRESSED", "its recipient ended it")
        url = ending.unsubscribe_url(delivery.organization_id, delivery.topic, recipient)
    mail = Mail(
        delivery.delivery_id,
        to,
        content.subject,
        mails.as_text(content),
        mails.as_html(content),
        delivery.organization_id,
        url,
        attachments,
        _STREAMS.get(delivery.kind, "ACCOUNT"),
    )
    try:
        carrier_id = wiring.mailer().send(mail)
    except UpstreamError as error:
        at_ms = now_ms + wait_ms(delivery.attempts)
        in_time = not delivery.valid_until_ms or at_ms < delivery.valid_until_ms
        if error.retryable and in_time:
            return Outcome("PENDING", str(error), at_ms)
        return Outcome("FAILED", str(error))
    return Outcome("SENT", carrier_id=carrier_id)


def _content(delivery: Delivery, envelope: Envelope) -> MailContent:
    """A mail as it was written, or a message in a mail's form."""
    if envelope.content:
        return envelope.content
    message = envelope.message
    if message is None:
        raise ValueError(f"the mail {delivery.delivery_id} has nothing to send")
    recipient = delivery.user_id or delivery.target
    after = "You get this mail from your organization."
    if delivery.topic:
        url = ending.unsubscribe_url(delivery.organization_id, delivery.topic, recipient)
        after = f"You get this mail because you chose such messages, or were named for them. End them for you: {url}"
    points = tuple(f"• {point}" for point in message.points)
    template: Template = "ALERT" if delivery.topic == "alert" else "NOTICE"
    content = mails.message(
        template,
        message.title,
        (*message.paragraphs, *points),
        message.action or "Open it in Optiq",
        message.url,
        after,
    )
    return replace(content, action=content.action if message.url else "")
