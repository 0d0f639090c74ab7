"""The log of mails sent for an organization, and the inbox of a person in it."""

from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver
from optiq.kernel.schemas import Limit
from optiq.notifications import api as notifications
from optiq.notifications.inbox import api as inbox

from functions.notifications.schemas import InboxOut, MailsOut, NoticeOut, ReadIn, UnreadOut

app = make_resolver("notifications")


@app.get("/v1/mails", needs="mails:read", summary="Mail sent for the organization, newest first; kept 90 days")
def list_mails(limit: Limit = 50, cursor: Cursor = None) -> MailsOut:
    return MailsOut.model_validate(notifications.list_mails(caller_of(app), limit=limit, cursor=cursor))


@app.get("/v1/inbox", personal=True, summary="What you are told in this organization, newest first; kept 90 days")
def list_notices(limit: Limit = 50, cursor: Cursor = None) -> InboxOut:
    caller = caller_of(app)
    page = inbox.list_notices(caller, limit=limit, cursor=cursor)
    items = [NoticeOut.model_validate(one) for one in page.items]
    return InboxOut(items=items, cursor=page.cursor, unread=inbox.unread(caller))


@app.post("/v1/inbox/read", personal=True, keyless_because="the same again changes nothing", summary="Mark as read")
def mark_read(request: ReadIn) -> UnreadOut:
    caller = caller_of(app)
    inbox.mark_read(caller, request.notice_ids)
    return UnreadOut(unread=inbox.unread(caller))


handler = app
