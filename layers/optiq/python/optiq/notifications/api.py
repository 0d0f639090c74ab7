"""The notifications context: sends mail, and keeps a log of what was sent and what became of it."""

import re

from optiq.kernel import keys
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import InvalidError, UpstreamError
from optiq.kernel.ids import new_id
from optiq.kernel.secrets import identity_hash
from optiq.kernel.table import Update, update_if
from optiq.notifications.contracts import Letter, MailState, SentMail
from optiq.notifications.letters import (
    account_exists,
    group_invitation,
    invitation,
    magic_link,
    new_device,
    no_account,
    password_reset,
    security_notice,
    verification,
)
from optiq.notifications.records import MailRecord
from optiq.notifications.rendering import as_html, as_text
from optiq.ports import wiring
from optiq.ports.mail import Mail

__all__ = [
    "account_exists",
    "address_hash",
    "check_address",
    "group_invitation",
    "invitation",
    "magic_link",
    "mails_to",
    "new_device",
    "no_account",
    "password_reset",
    "record_outcome",
    "security_notice",
    "send",
    "verification",
]

KEPT_DAYS = 90
_LONGEST_ADDRESS = 254
_LONGEST_REASON = 200
# `=?` begins an encoded word (RFC 2047): who carries the mail may read another address out of it than we did.
_ADDRESS = re.compile(
    r"(?!.*=\?)[^\s@\"(),:;<>\[\]\\\x00-\x20\x7f]{1,64}@[a-z0-9](?:[a-z0-9-]*\.)*[a-z0-9-]*[a-z0-9]", re.ASCII
)


def check_address(address: str) -> str:
    """The address without blanks around it, its domain in lower case.

    Raises:
        InvalidError: no address that mail could be sent to; quoted, encoded and internationalised ones are not taken.
    """
    local, at, domain = address.strip().rpartition("@")
    checked = f"{local}{at}{domain.lower()}"
    if len(checked) > _LONGEST_ADDRESS or not checked.isascii() or not _ADDRESS.fullmatch(checked):
        raise InvalidError("email: not an address")
    return checked


def address_hash(address: str) -> str:
    """What an address is found by: a keyed hash, the same for every spelling of upper and lower case."""
    return identity_hash(wiring.platform_secret(), "", "address", address.lower())


def send(to: str, letter: Letter, *, user_id: str = "", clock: Clock = system_clock) -> str:
    """Sends a letter and returns the mail's id; the log says QUEUED before and SENT or FAILED after.

    Raises:
        UpstreamError: the carrier did not take it.
    """
    now_ms = clock()
    mail_id = new_id("mail", now_ms)
    key = keys.mail(mail_id)
    MailRecord(
        key.pk,
        key.sk,
        gsi1pk=keys.mails_to(address_hash(to)),
        gsi1sk=mail_id,
        mail_id=mail_id,
        user_id=user_id,
        template=letter.template,
        subject=letter.subject,
        state="QUEUED",
        created_ms=now_ms,
        changed_ms=now_ms,
        forget_at=(now_ms + KEPT_DAYS * DAY_MS) // 1000,
    ).save()
    try:
        carrier_id = wiring.mailer().send(Mail(mail_id, to, letter.subject, as_text(letter), as_html(letter)))
    except UpstreamError as error:
        _change(mail_id, "FAILED", str(error), "", clock(), after=("QUEUED",))
        raise
    _change(mail_id, "SENT", "", carrier_id, clock(), after=("QUEUED",))
    return mail_id


def record_outcome(mail_id: str, state: MailState, reason: str, clock: Clock = system_clock) -> bool:
    """Notes what is reported later: BOUNCED or COMPLAINED. False for a mail that is not ours, or that is noted so."""
    return _change(mail_id, state, reason, "", clock(), after=("QUEUED", "SENT", "BOUNCED"))


def mails_to(address: str, limit: int = 50) -> list[SentMail]:
    """What was sent to an address, newest first."""
    found = MailRecord.by_second_key.query(keys.mails_to(address_hash(address)), scan_index_forward=False, limit=limit)
    return [record.contract() for record in found]


def _change(
    mail_id: str, state: MailState, reason: str, carrier_id: str, now_ms: int, *, after: tuple[MailState, ...]
) -> bool:
    key = keys.mail(mail_id)
    changes = [
        MailRecord.state.set(state),
        MailRecord.reason.set(reason[:_LONGEST_REASON]),
        MailRecord.changed_ms.set(now_ms),
        *([MailRecord.carrier_id.set(carrier_id)] if carrier_id else []),
    ]
    # A bounce may be reported before the carrier's own answer is noted; what came last in a mail's life stands.
    condition = MailRecord.state.is_in(*after) & (MailRecord.state != state)
    return update_if(Update(MailRecord(key.pk, key.sk), changes, condition))
