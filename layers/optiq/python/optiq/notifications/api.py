"""The notifications context: sends mail, and keeps a log of what was sent and what became of it."""

import re
from operator import attrgetter

from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.table import write_together
from optiq.notifications import keys
from optiq.notifications.contracts import Letter, MailStatus, SentMail
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
from optiq.notifications.log import KEPT_DAYS, address_hash, change_status
from optiq.notifications.owing import Owed, deliver, owe, release, send_owed
from optiq.notifications.records import MailRecord

__all__ = [
    "KEPT_DAYS",
    "Owed",
    "account_exists",
    "address_hash",
    "check_address",
    "deliver",
    "group_invitation",
    "invitation",
    "magic_link",
    "mails_of",
    "mails_to",
    "new_device",
    "no_account",
    "owe",
    "password_reset",
    "record_outcome",
    "release",
    "security_notice",
    "send",
    "send_owed",
    "verification",
]

_LONGEST_ADDRESS = 254
_LIST = "mails"
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


def send(
    to: str,
    letter: Letter,
    *,
    user_id: str = "",
    organization_id: str = "",
    about: str = "",
    clock: Clock = system_clock,
) -> str:
    """Sends a letter that no change owes and returns the mail's id; the log says QUEUED before, SENT or FAILED after.

    Args:
        organization_id: for which it is sent, and whose log shows it; none for what concerns a person alone.
        about: the id of what it tells of.

    Raises:
        UpstreamError: the carrier did not take it.
    """
    owed = owe(to, letter, user_id=user_id, organization_id=organization_id, about=about, clock=clock)
    write_together(owed.writes)
    return deliver(owed, clock)


def record_outcome(
    mail_id: str, status: MailStatus, reason: str, *, organization_id: str = "", clock: Clock = system_clock
) -> bool:
    """Notes what is reported later: DELIVERED, BOUNCED or COMPLAINED.

    Returns:
        False for a mail that is not ours, or of which that or worse is known already.
    """
    return change_status(mail_id, organization_id, status, reason, "", clock())


def mails_of(organization_id: str, limit: int, cursor: str | None) -> Page[SentMail]:
    """A page of what was sent for an organization, newest first. Raises InvalidError for another list's cursor."""
    start, after = keys.organization_mail(organization_id, ""), place_after(cursor, _LIST)
    last_key = {"pk": {"S": start.pk}, "sk": {"S": f"{start.sk}{after}"}} if after else None
    found = MailRecord.query(
        start.pk,
        MailRecord.sk.startswith(start.sk),
        filter_condition=MailRecord.lasting(system_clock()),
        scan_index_forward=False,
        limit=limit + 1,
        last_evaluated_key=last_key,
    )
    return page_of(_LIST, [record.contract() for record in found], limit, attrgetter("mail_id"))


def mails_to(address: str, limit: int = 50) -> list[SentMail]:
    """What was sent to an address, newest first."""
    found = MailRecord.by_second_key.query(keys.mails_to(address_hash(address)), scan_index_forward=False, limit=limit)
    return [record.contract() for record in found]
