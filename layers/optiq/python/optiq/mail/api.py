"""The mail context: what mails say, and how a change requests one. Notifications sends them."""

from optiq.mail.addresses import address_hash, check_address
from optiq.mail.rendering import as_html, as_text
from optiq.mail.requesting import MailRequest, is_latest, request_mail, withdraw_mails
from optiq.mail.templates import (
    account_exists,
    billing,
    group_invitation,
    invitation,
    magic_link,
    message,
    name_in_mail,
    new_device,
    no_account,
    password_reset,
    report,
    report_not_sent,
    security_notice,
    sign_up_closed,
    text_in_mail,
    verification,
)

__all__ = [
    "MailRequest",
    "account_exists",
    "address_hash",
    "as_html",
    "as_text",
    "billing",
    "check_address",
    "group_invitation",
    "invitation",
    "is_latest",
    "magic_link",
    "message",
    "name_in_mail",
    "new_device",
    "no_account",
    "password_reset",
    "report",
    "report_not_sent",
    "request_mail",
    "security_notice",
    "sign_up_closed",
    "text_in_mail",
    "verification",
    "withdraw_mails",
]
