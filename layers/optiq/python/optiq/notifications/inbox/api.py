"""The inbox of a person in an organization: what they are told in the console."""

from collections.abc import Sequence

from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import ForbiddenError
from optiq.kernel.ids import may_be_id
from optiq.kernel.keys import Key
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.records import entity_in, values_of
from optiq.kernel.table import Put, Update, key_start, update_if
from optiq.notifications import keys
from optiq.notifications.inbox.contracts import Notice, Unread
from optiq.notifications.inbox.records import KEPT_DAYS, NoticeRecord

__all__ = ["KEPT_DAYS", "MOST_COUNTED", "list_notices", "mark_read", "putting", "unread"]

MOST_COUNTED = 100
"""So many unread notices are counted at most."""
_LIST = "notices"


def putting(organization_id: str, user_id: str, notice: Notice) -> Put:
    """The write that tells a person, once for each id."""
    record = NoticeRecord(
        *keys.notice(organization_id, user_id, notice.notice_id),
        **values_of(notice),
        forget_at=(notice.created_ms + KEPT_DAYS * DAY_MS) // 1000,
    )
    return Put(record, None)


def list_notices(
    caller: Caller, *, limit: int = 50, cursor: str | None = None, clock: Clock = system_clock
) -> Page[Notice]:
    """A page of the caller's notices, newest first.

    Raises:
        InvalidError: another list's cursor. ForbiddenError: the caller is no person.
    """
    start, after = _start(caller), place_after(cursor, _LIST)
    found = NoticeRecord.query(
        start.pk,
        NoticeRecord.sk.startswith(start.sk),
        filter_condition=NoticeRecord.lasting(clock()),
        scan_index_forward=False,
        limit=limit + 1,
        last_evaluated_key=key_start(keys.notice(caller.organization_id, caller.user_id, after)) if after else None,
    )
    return page_of(_LIST, [entity_in(Notice, record) for record in found], limit, lambda one: one.notice_id)


def unread(caller: Caller, clock: Clock = system_clock) -> Unread:
    """How many of the caller's latest notices are unread; MOST_COUNTED at most. Raises ForbiddenError."""
    start = _start(caller)
    found = NoticeRecord.query(
        start.pk,
        NoticeRecord.sk.startswith(start.sk),
        filter_condition=NoticeRecord.read_ms.does_not_exist() & NoticeRecord.lasting(clock()),
        scan_index_forward=False,
        limit=MOST_COUNTED,
    )
    severities = [record.severity for record in found]
    return Unread(len(severities), severities.count("WARNING"), severities.count("CRITICAL"))


def mark_read(caller: Caller, notice_ids: Sequence[str], clock: Clock = system_clock) -> int:
    """Marks notices as read. Returns how many were unread; ids that the caller does not have change nothing.

    Raises:
        ForbiddenError: the caller is no person.
    """
    _start(caller)
    now_ms, marked = clock(), 0
    for notice_id in filter(may_be_id, notice_ids):
        record = NoticeRecord(*keys.notice(caller.organization_id, caller.user_id, notice_id))
        is_unread = NoticeRecord.pk.exists() & NoticeRecord.read_ms.does_not_exist()
        marked += update_if(Update(record, [NoticeRecord.read_ms.set(now_ms)], is_unread))
    return marked


def _start(caller: Caller) -> Key:
    if not caller.user_id:
        raise ForbiddenError("only people have an inbox: sign in")
    return keys.notice(caller.organization_id, caller.user_id, "")
