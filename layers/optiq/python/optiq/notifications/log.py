"""The log of mails and their statuses."""

from collections.abc import Mapping
from typing import cast

from optiq.kernel.clock import DAY_MS
from optiq.kernel.keys import Key
from optiq.kernel.secrets import identity_hash
from optiq.kernel.table import Update, update_if
from optiq.notifications import keys
from optiq.notifications.contracts import MailContent, MailStatus
from optiq.notifications.records import MailRecord
from optiq.ports import wiring

KEPT_DAYS = 90
_LONGEST_REASON = 200
_AFTER: Mapping[MailStatus, tuple[MailStatus, ...]] = {
    # Reports come in any order, a bounce perhaps before the carrier's own answer is noted: the later in a mail's life
    # counts. A requested mail is tried again after it failed.
    "SENT": ("QUEUED", "FAILED"),
    "FAILED": ("QUEUED", "FAILED"),
    "DELIVERED": ("QUEUED", "SENT"),
    "BOUNCED": ("QUEUED", "SENT", "DELIVERED"),
    "COMPLAINED": ("QUEUED", "SENT", "DELIVERED", "BOUNCED"),
}


def address_hash(address: str) -> str:
    """A keyed hash that finds an address, the same in upper and lower case."""
    return identity_hash(wiring.platform_secret(), "", "address", address.lower())


def log_entry(
    mail_id: str, to: str, content: MailContent, *, user_id: str, organization_id: str, about: str, now_ms: int
) -> MailRecord:
    """The entry of a mail that is about to be sent."""
    return MailRecord(
        *entry_key(mail_id, organization_id),
        gsi1pk=keys.mails_to(address_hash(to)),
        gsi1sk=mail_id,
        mail_id=mail_id,
        user_id=user_id,
        template=content.template,
        subject=content.subject,
        about=about,
        status="QUEUED",
        created_ms=now_ms,
        changed_ms=now_ms,
        forget_at=(now_ms + KEPT_DAYS * DAY_MS) // 1000,
    )


def status_of(mail_id: str, organization_id: str) -> MailStatus | None:
    """None for a mail that is not in the log."""
    try:
        record = MailRecord.get(*entry_key(mail_id, organization_id), consistent_read=True)
    except MailRecord.DoesNotExist:
        return None
    return cast(MailStatus, record.status)


def change_status(
    mail_id: str, organization_id: str, status: MailStatus, reason: str, carrier_id: str, now_ms: int
) -> bool:
    """Changes the status of a mail; False if it has this or a later status already, or is unknown."""
    return update_if(status_update(mail_id, organization_id, status, reason, carrier_id, now_ms))


def status_update(
    mail_id: str, organization_id: str, status: MailStatus, reason: str, carrier_id: str, now_ms: int
) -> Update:
    """The write that changes the status of a mail, on the condition that it has neither this nor a later one."""
    changes = [
        MailRecord.status.set(status),
        MailRecord.reason.set(reason[:_LONGEST_REASON]),
        MailRecord.changed_ms.set(now_ms),
        *([MailRecord.carrier_id.set(carrier_id)] if carrier_id else []),
    ]
    return Update(MailRecord(*entry_key(mail_id, organization_id)), changes, MailRecord.status.is_in(*_AFTER[status]))


def entry_key(mail_id: str, organization_id: str) -> Key:
    return keys.organization_mail(organization_id, mail_id) if organization_id else keys.mail(mail_id)
