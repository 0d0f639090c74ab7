"""Mails and inboxes as the API writes them."""

from typing import Annotated, Self

from optiq.kernel.paging import Page
from optiq.kernel.schemas import In, Instant, OrNull, Out, PageOut, fields_of, shows
from optiq.mail.contracts import Template
from optiq.notifications.contracts import Delivery, State
from optiq.notifications.inbox.contracts import Notice, Unread
from pydantic import Field

_Never = Annotated[Instant | None, OrNull]


class MailOut(Out):
    """A mail. `template` is what kind of mail it is. `about` is the id of its subject, such as an invitation, which
    names the addressee; the log keeps neither address nor text. `reason` says why it failed, bounced or was not sent.
    """

    mail_id: str
    template: Template
    subject: str
    about: str
    status: State
    reason: str
    attempts: int
    created_at: Instant
    changed_at: Instant
    next_at: _Never
    sent_at: _Never
    opened_at: _Never
    clicked_at: _Never

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        return cls.model_validate(fields_of(delivery) | {"mail_id": delivery.delivery_id, "template": delivery.kind})


class MailsOut(PageOut[MailOut]):
    """Newest first."""

    @classmethod
    def of(cls, page: Page[Delivery]) -> Self:
        return cls(items=[MailOut.of(one) for one in page.items], cursor=page.cursor)


@shows(Notice)
class NoticeOut(Out):
    """`url` leads to the page that explains it. `read_at` is null until it was read."""


@shows(Unread)
class UnreadOut(Out):
    """How many are unread, and how many of them are as severe; 100 at most."""


class InboxOut(PageOut[NoticeOut]):
    """Newest first. `unread` counts the unread ones."""

    unread: UnreadOut


class ReadIn(In):
    notice_ids: list[str] = Field(max_length=100)
