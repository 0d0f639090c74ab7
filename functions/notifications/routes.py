"""The log of mails sent for an organization: what was sent, about what, and what became of it."""

from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver
from optiq.kernel.schemas import Limit
from optiq.notifications import api as notifications

from functions.notifications.schemas import MailsOut

app = make_resolver("notifications")


@app.get("/v1/mails", needs="mails:read", summary="Mail sent for the organization, newest first; kept 90 days")
def list_mails(limit: Limit = 50, cursor: Cursor = None) -> MailsOut:
    return MailsOut.model_validate(notifications.list_mails(caller_of(app), limit=limit, cursor=cursor))


handler = app
