"""What is said to people, and what became of it."""

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
]
MailStatus = Literal["QUEUED", "SENT", "FAILED", "DELIVERED", "BOUNCED", "COMPLAINED"]
"""QUEUED only until the carrier answered; a mail that stays so was given up in the middle. DELIVERED: the mailbox's
server took it.
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: paragraphs, then at most one thing to press, then a word on what to do about a mistake."""

    template: Template
    subject: str
    paragraphs: tuple[str, ...]
    after: str
    action: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class MailRequested:
    """A person is to get a mail. Any context publishes it, with the change that the mail is about.

    Attributes:
        mail_id: of its entry in the log of mails.
        about: the id of what the mail tells of; a later mail about the same replaces it until it is sent.
        good_until_ms: when its link ends; it is not sent later.
    """

    mail_id: str
    to: str
    letter: Letter
    about: str
    good_until_ms: int


@dataclass(frozen=True, slots=True)
class SentMail:
    """An entry of the log of mails: never the address or the text, which may hold a secret link.

    `about` is the id of what it told of, such as an invitation, or "".
    """

    mail_id: str
    template: Template
    subject: str
    about: str
    status: MailStatus
    reason: str
    created_ms: int
    changed_ms: int
