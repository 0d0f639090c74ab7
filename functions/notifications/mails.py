"""The log of mails sent for an organization."""

from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit
from optiq.notifications import api as notifications

from functions.notifications.app import app
from functions.notifications.schemas import MailsOut


@app.get("/v1/mails", needs="mails:read", summary="Mail sent for the organization, newest first; kept 90 days")
def list_mails(limit: Limit = 50, cursor: Cursor = None) -> MailsOut:
    return MailsOut.of(notifications.list_mails(caller_of(app), limit=limit, cursor=cursor))
