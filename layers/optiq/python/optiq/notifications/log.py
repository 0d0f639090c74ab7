"""The log of mails: what was sent, and what became of it."""

from collections.abc import Mapping
from typing import cast

from optiq.kernel.clock import DAY_MS
from optiq.kernel.keys import Key
from optiq.kernel.secrets import identity_hash
from optiq.kernel.table import Update, update_if
from optiq.notifications import keys
from optiq.notifications.contracts import Letter, MailState
from optiq.notifications.records import MailRecord
from optiq.ports import wiring

KEPT_DAYS = 90
_LONGEST_REASON = 200
_AFTER: Mapping[MailState, tuple[MailState, ...]] = {
    # Reports come in any order, a bounce perhaps before the carrier's own answer is noted: the later in a mail's life
    # stands. A mail that is owed is tried again after it failed.
    "SENT": ("QUEUED", "FAILED"),
    "FAILED": ("QUEUED",),
    "DELIVERED": ("QUEUED", "SENT"),
    "BOUNCED": ("QUEUED", "SENT", "DELIVERED"),
    "COMPLAINED": ("QUEUED", "SENT", "DELIVERED", "BOUNCED"),
}


def address_hash(address: str) -> str:
    """What an address is found by: a keyed hash, the same for every spelling of upper and lower case."""
    return identity_hash(wiring.platform_secret(), "", "address", address.lower())


def log_entry(
    mail_id: str, to: str, letter: Letter, *, user_id: str, organization_id: str, about: str, now_ms: int
) -> MailRecord:
    """The entry of a mail that is about to be sent."""
    return MailRecord(
        *entry_key(mail_id, organization_id),
        gsi1pk=keys.mails_to(address_hash(to)),
        gsi1sk=mail_id,
        mail_id=mail_id,
        user_id=user_id,
        template=letter.template,
        subject=letter.subject,
        about=about,
        state="QUEUED",
        created_ms=now_ms,
        changed_ms=now_ms,
        forget_at=(now_ms + KEPT_DAYS * DAY_MS) // 1000,
    )


def state_of(mail_id: str, organization_id: str) -> MailState | None:
    """None for a mail that is not in the log."""
    try:
        record = MailRecord.get(*entry_key(mail_id, organization_id), consistent_read=True)
    except MailRecord.DoesNotExist:
        return None
    return cast(MailState, record.state)


def change_state(
    mail_id: str, organization_id: str, state: MailState, reason: str, carrier_id: str, now_ms: int
) -> bool:
    """Notes what became of a mail; False when that or a later thing is known already, or there is no such mail."""
    changes = [
        MailRecord.state.set(state),
        MailRecord.reason.set(reason[:_LONGEST_REASON]),
        MailRecord.changed_ms.set(now_ms),
        *([MailRecord.carrier_id.set(carrier_id)] if carrier_id else []),
    ]
    record = MailRecord(*entry_key(mail_id, organization_id))
    return update_if(Update(record, changes, MailRecord.state.is_in(*_AFTER[state])))


def entry_key(mail_id: str, organization_id: str) -> Key:
    return keys.organization_mail(organization_id, mail_id) if organization_id else keys.mail(mail_id)
