"""A mail, its request, and its entry in the log of mails."""

from dataclasses import dataclass
from typing import Literal

Template = Literal[
    "VERIFY_ADDRESS",
    "ACCOUNT_EXISTS",
    "MAGIC_LINK",
    "PASSWORD_RESET",
    "NO_ACCOUNT",
    "INVITATION",
    "NEW_DEVICE",
    "SECURITY_NOTICE",
    "REPORT",
    "REPORT_NOT_SENT",
    "ALERT",
    "BILLING",
]
MailStatus = Literal["QUEUED", "SENT", "FAILED", "DELIVERED", "BOUNCED", "COMPLAINED"]
"""QUEUED until the carrier answers; a mail that stays QUEUED was interrupted. DELIVERED: the mailbox's server has it.
"""


@dataclass(frozen=True, slots=True)
class MailRow:
    """A row of a table: its cells, and the length of its bar from 0 to 1; None for no bar."""

    cells: tuple[str, ...]
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class MailTable:
    """A titled table; the first column has names, the others have numbers. `note` is a line under it, or ""."""

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[MailRow, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class MailContent:
    """A filled mail template: paragraphs, tables, then one button at most, then a closing line."""

    template: Template
    subject: str
    paragraphs: tuple[str, ...]
    after: str
    action: str = ""
    url: str = ""
    tables: tuple[MailTable, ...] = ()


@dataclass(frozen=True, slots=True)
class MailRequested:
    """A mail to send. Any context publishes it, with the change that the mail is about.

    Attributes:
        mail_id: of its entry in the log of mails.
        about: the id of the mail's subject, such as an invitation; a later mail about it replaces an unsent one.
        valid_until_ms: when its link expires; it is not sent later.
    """

    mail_id: str
    to: str
    content: MailContent
    about: str
    valid_until_ms: int


@dataclass(frozen=True, slots=True)
class SentMail:
    """An entry of the log of mails, without the address and the text, which may contain a secret link.

    `about` is the id of the mail's subject, such as an invitation, or "".
    """

    mail_id: str
    template: Template
    subject: str
    about: str
    status: MailStatus
    reason: str
    created_ms: int
    changed_ms: int
