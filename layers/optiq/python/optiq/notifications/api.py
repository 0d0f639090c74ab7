"""The notifications context: sends requested mails, and keeps a log of them.

Only the list needs a caller. The functions that request mails and record outcomes take ids, because mails also go to
users without an organization.
"""

import re
from operator import attrgetter

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.records import entity_in
from optiq.kernel.table import key_start
from optiq.notifications import keys
from optiq.notifications.contracts import MailStatus, SentMail
from optiq.notifications.log import KEPT_DAYS, address_hash, change_status
from optiq.notifications.mail_templates import (
    account_exists,
    alert,
    billing,
    group_invitation,
    invitation,
    magic_link,
    name_in_mail,
    new_device,
    no_account,
    password_reset,
    report,
    report_not_sent,
    security_notice,
    text_in_mail,
    verification,
)
from optiq.notifications.records import MailRecord
from optiq.notifications.requesting import MailRequest, request_mail, send_once, send_requested, withdraw_mails

__all__ = [
    "KEPT_DAYS",
    "MailRequest",
    "account_exists",
    "address_hash",
    "alert",
    "billing",
    "check_address",
    "group_invitation",
    "invitation",
    "list_mails",
    "magic_link",
    "mails_to",
    "name_in_mail",
    "new_device",
    "no_account",
    "password_reset",
    "record_outcome",
    "report",
    "report_not_sent",
    "request_mail",
    "security_notice",
    "send_once",
    "send_requested",
    "text_in_mail",
    "verification",
    "withdraw_mails",
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
        raise InvalidError("email: must be an address such as ann@shop.example")
    return checked


def record_outcome(
    mail_id: str, status: MailStatus, reason: str, *, organization_id: str = "", clock: Clock = system_clock
) -> bool:
    """Records a later report: DELIVERED, BOUNCED or COMPLAINED.

    Returns:
        False for an unknown mail, or one with this or a later status.
    """
    return change_status(mail_id, organization_id, status, reason, "", clock())


def list_mails(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[SentMail]:
    """A page of the organization's mails, newest first. Raises InvalidError for another list's cursor."""
    start, after = keys.organization_mail(caller.organization_id, ""), place_after(cursor, _LIST)
    found = MailRecord.query(
        start.pk,
        MailRecord.sk.startswith(start.sk),
        filter_condition=MailRecord.lasting(system_clock()),
        scan_index_forward=False,
        limit=limit + 1,
        last_evaluated_key=key_start(keys.organization_mail(caller.organization_id, after)) if after else None,
    )
    return page_of(_LIST, [entity_in(SentMail, record) for record in found], limit, attrgetter("mail_id"))


def mails_to(address: str, limit: int = 50) -> list[SentMail]:
    """What was sent to an address, newest first."""
    found = MailRecord.by_second_key.query(keys.mails_to(address_hash(address)), scan_index_forward=False, limit=limit)
    return [entity_in(SentMail, record) for record in found]
