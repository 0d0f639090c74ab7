"""A mail, and its request."""

from dataclasses import dataclass
from typing import Literal

Template = Literal[
    "VERIFY_ADDRESS",
    "ACCOUNT_EXISTS",
    "MAGIC_LINK",
    "PASSWORD_RESET",
    "NO_ACCOUNT",
    "SIGN_UP_CLOSED",
    "INVITATION",
    "NEW_DEVICE",
    "SECURITY_NOTICE",
    "REPORT",
    "REPORT_NOT_SENT",
    "ALERT",
    "NOTICE",
    "BILLING",
]


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
        mail_id: of its delivery.
        user_id: the person that it is for, or "".
        about: the id of the mail's subject, such as an invitation; a later mail about it replaces an unsent one.
        valid_until_ms: when its link expires; it is not sent later.
    """

    mail_id: str
    to: str
    content: MailContent
    about: str
    valid_until_ms: int
    user_id: str = ""
