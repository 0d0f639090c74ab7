"""One attempt at a delivery: it is claimed, judged once more, handed to its carrier, and settled.

A process that ends in between leaves the claim, which ends by itself; the next attempt has the same id. Only one that
ends between the carrier's answer and the note of it leads to a second copy.
"""

from optiq.kernel.errors import NotFoundError
from optiq.mail.contracts import MailContent
from optiq.notifications.carriers import mail, slack, webhook
from optiq.notifications.channels.stores import CHANNELS
from optiq.notifications.contracts import Delivery
from optiq.notifications.outbox import records
from optiq.notifications.outbox.contracts import Envelope, Outcome
from optiq.ports.mail import Attachment
from optiq.tenancy import api as tenancy
from optiq.tenancy.members import api as members


def attempt(organization_id: str, delivery_id: str, now_ms: int) -> Delivery | None:
    """Tries a delivery; None when it is over, or another attempt has it."""
    claimed = records.claim(organization_id, delivery_id, now_ms)
    if claimed is None:
        return None
    delivery, envelope = claimed
    reason = obsolete(delivery, now_ms)
    outcome = Outcome("SUPPRESSED", reason) if reason else _carried(delivery, envelope or Envelope(), now_ms)
    return records.settle(delivery, outcome, now_ms, keeps_envelope=delivery.channel == "WEBHOOK")


def attempt_with(
    organization_id: str,
    delivery_id: str,
    to: str,
    content: MailContent,
    attachments: tuple[Attachment, ...],
    now_ms: int,
) -> Delivery | None:
    """As `attempt`, of a mail that is too large for the table."""
    claimed = records.claim(organization_id, delivery_id, now_ms)
    if claimed is None:
        return None
    outcome = mail.hand_over(claimed[0], to, content, attachments, now_ms)
    return records.settle(claimed[0], outcome, now_ms, is_swept=False)


def obsolete(delivery: Delivery, now_ms: int) -> str:
    """Why a delivery is not to be sent any more, or ""."""
    if delivery.valid_until_ms and delivery.valid_until_ms <= now_ms:
        return "expired before it could be sent"
    if delivery.site_id and delivery.needs:
        try:
            site = tenancy.get_site(delivery.organization_id, delivery.site_id)
        except NotFoundError:
            return "the site is no more"
        if site.status == "ARCHIVED":
            return "the site is archived"
    if delivery.needs and delivery.user_id:
        allowed = members.permissions_of(delivery.organization_id, delivery.user_id, now_ms)
        if delivery.needs not in allowed:
            return "its recipient may not see it any more"
    return ""


def _carried(delivery: Delivery, envelope: Envelope, now_ms: int) -> Outcome:
    if delivery.channel == "MAIL":
        return mail.carry(delivery, envelope, now_ms)
    channel = CHANNELS.find(delivery.organization_id, delivery.target)
    if channel is None or channel.status != "ACTIVE":
        return Outcome("SUPPRESSED", "the channel is switched off")
    if delivery.channel == "SLACK":
        return slack.carry(delivery, envelope, channel, now_ms)
    return webhook.carry(delivery, envelope, channel, now_ms)
