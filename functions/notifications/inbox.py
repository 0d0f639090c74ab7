"""The inbox of a person in an organization."""

from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit
from optiq.notifications.inbox import api as inbox

from functions.notifications.app import app
from functions.notifications.schemas import InboxOut, NoticeOut, ReadIn, UnreadOut


@app.get("/v1/inbox", personal=True, summary="What you are told in this organization, newest first; kept 90 days")
def list_notices(limit: Limit = 50, cursor: Cursor = None) -> InboxOut:
    caller = caller_of(app)
    page = inbox.list_notices(caller, limit=limit, cursor=cursor)
    items = [NoticeOut.model_validate(one) for one in page.items]
    return InboxOut(items=items, cursor=page.cursor, unread=UnreadOut.model_validate(inbox.unread(caller)))


@app.post("/v1/inbox/read", personal=True, keyless_because="the same again changes nothing", summary="Mark as read")
def mark_read(request: ReadIn) -> UnreadOut:
    caller = caller_of(app)
    inbox.mark_read(caller, request.notice_ids)
    return UnreadOut.model_validate(inbox.unread(caller))
