"""The notifications context: sends mail, and keeps a log of what was sent and what became of it."""

import re
from collections.abc import Mapping

from optiq.kernel import keys
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import InvalidError, UpstreamError
from optiq.kernel.ids import may_be_id, new_id
from optiq.kernel.secrets import identity_hash
from optiq.kernel.table import Update, update_if
from optiq.notifications.contracts import Letter, MailPage, MailState, SentMail
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
    "mails_of",
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
_AFTER: Mapping[MailState, tuple[MailState, ...]] = {
    # Reports come in any order, a bounce perhaps before the carrier's own answer is noted: the later in a mail's life
    # stands.
    "SENT": ("QUEUED",),
    "FAILED": ("QUEUED",),
    "DELIVERED": ("QUEUED", "SENT"),
    "BOUNCED": ("QUEUED", "SENT", "DELIVERED"),
    "COMPLAINED": ("QUEUED", "SENT", "DELIVERED", "BOUNCED"),
}
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


def send(
    to: str,
    letter: Letter,
    *,
    user_id: str = "",
    organization_id: str = "",
    about: str = "",
    clock: Clock = system_clock,
) -> str:
    """Sends a letter and returns the mail's id; the log says QUEUED before and SENT or FAILED after.

    Args:
        organization_id: for which it is sent, and whose log shows it; none for what concerns a person alone.
        about: the id of what it tells of.

    Raises:
        UpstreamError: the carrier did not take it.
    """
    now_ms = clock()
    mail_id = new_id("mail", now_ms)
    key = _key(mail_id, organization_id)
    MailRecord(
        key.pk,
        key.sk,
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
    ).save()
    try:
        mail = Mail(mail_id, to, letter.subject, as_text(letter), as_html(letter), organization_id)
        carrier_id = wiring.mailer().send(mail)
    except UpstreamError as error:
        _change(key, "FAILED", str(error), "", clock())
        raise
    _change(key, "SENT", "", carrier_id, clock())
    return mail_id


def record_outcome(
    mail_id: str, state: MailState, reason: str, *, organization_id: str = "", clock: Clock = system_clock
) -> bool:
    """Notes what is reported later: DELIVERED, BOUNCED or COMPLAINED.

    Returns:
        False for a mail that is not ours, or of which that or worse is known already.
    """
    return _change(_key(mail_id, organization_id), state, reason, "", clock())


def mails_of(organization_id: str, limit: int, cursor: str | None) -> MailPage:
    """A page of what was sent for an organization, newest first. Raises InvalidError for a cursor not of ours."""
    start, last_key = keys.organization_mail(organization_id, ""), None
    if cursor is not None:
        if not (may_be_id(cursor) and cursor.startswith("mail_")):
            raise InvalidError("cursor: not one of ours")
        last_key = {"pk": {"S": start.pk}, "sk": {"S": f"{start.sk}{cursor}"}}
    found = MailRecord.query(
        start.pk,
        MailRecord.sk.startswith(start.sk),
        filter_condition=MailRecord.lasting(system_clock()),
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=last_key,
    )
    items = tuple(record.contract() for record in found)
    return MailPage(items, items[-1].mail_id if len(items) == limit else None)


def mails_to(address: str, limit: int = 50) -> list[SentMail]:
    """What was sent to an address, newest first."""
    found = MailRecord.by_second_key.query(keys.mails_to(address_hash(address)), scan_index_forward=False, limit=limit)
    return [record.contract() for record in found]


def _key(mail_id: str, organization_id: str) -> keys.Key:
    return keys.organization_mail(organization_id, mail_id) if organization_id else keys.mail(mail_id)


def _change(key: keys.Key, state: MailState, reason: str, carrier_id: str, now_ms: int) -> bool:
    changes = [
        MailRecord.state.set(state),
        MailRecord.reason.set(reason[:_LONGEST_REASON]),
        MailRecord.changed_ms.set(now_ms),
        *([MailRecord.carrier_id.set(carrier_id)] if carrier_id else []),
    ]
    return update_if(Update(MailRecord(key.pk, key.sk), changes, MailRecord.state.is_in(*_AFTER[state])))
