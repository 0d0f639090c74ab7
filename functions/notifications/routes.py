"""The log of mails sent for an organization: what was sent, about what, and what became of it."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from optiq.kernel.api_resolver import Cursor, make_resolver, organization_of
from optiq.kernel.clock import to_rfc3339
from optiq.notifications import api as notifications
from optiq.notifications.contracts import MailState, SentMail, Template
from pydantic import BaseModel

app = make_resolver("notifications")


class MailDocument(BaseModel):
    """A mail. `about` is the id of what it told of, such as an invitation, which says to whom; the log keeps neither
    address nor text. `reason` says why it failed, bounced or was complained of.
    """

    mail_id: str
    template: Template
    subject: str
    about: str
    state: MailState
    reason: str
    created_at: str
    changed_at: str

    @classmethod
    def of(cls, mail: SentMail) -> "MailDocument":
        return cls(
            mail_id=mail.mail_id,
            template=mail.template,
            subject=mail.subject,
            about=mail.about,
            state=mail.state,
            reason=mail.reason,
            created_at=to_rfc3339(mail.created_ms),
            changed_at=to_rfc3339(mail.changed_ms),
        )


class MailsDocument(BaseModel):
    """Mails, newest first, and where the next page starts."""

    items: list[MailDocument]
    cursor: str | None


@app.get(
    "/v1/mails",
    needs="mails:read",
    summary="Mail sent for the organization, newest first; kept 90 days",
)
def list_mails(
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Cursor = None,
) -> MailsDocument:
    page = notifications.mails_of(organization_of(app), limit, cursor)
    return MailsDocument(items=[MailDocument.of(mail) for mail in page.items], cursor=page.cursor)


handler = app
