"""Entries of the log of mails, and of an inbox, as the API writes them."""

from optiq.kernel.schemas import In, Instant, Out, PageOut, shows
from optiq.notifications.contracts import MailStatus, Template
from optiq.notifications.inbox.contracts import Notice
from pydantic import Field


class MailOut(Out):
    """A mail. `about` is the id of its subject, such as an invitation, which names the addressee; the log keeps neither
    address nor text. `reason` says why it failed, bounced or was complained of.
    """

    mail_id: str
    template: Template
    subject: str
    about: str
    status: MailStatus
    reason: str
    created_at: Instant
    changed_at: Instant


class MailsOut(PageOut[MailOut]):
    """Newest first."""


@shows(Notice)
class NoticeOut(Out):
    """`url` leads to the page that explains it. `read_at` is null until it was read."""


class InboxOut(PageOut[NoticeOut]):
    """Newest first. `unread` counts the unread ones, 100 at most."""

    unread: int


class ReadIn(In):
    notice_ids: list[str] = Field(max_length=100)


class UnreadOut(Out):
    """How many are unread, 100 at most."""

    unread: int
