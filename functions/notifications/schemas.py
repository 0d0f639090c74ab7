"""Entries of the log of mails as the API writes them."""

from optiq.kernel.schemas import Instant, Out, PageOut
from optiq.notifications.contracts import MailStatus, Template


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
