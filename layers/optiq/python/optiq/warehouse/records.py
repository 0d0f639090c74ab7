"""How the copy of an organization's lake goes, in the table."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.keys import Key
from optiq.kernel.records import entity_in
from optiq.kernel.table import Record, Update, update_if
from optiq.warehouse import keys
from optiq.warehouse.contracts import Copied, CopyStatus, LastCopy

_LONGEST_REASON = 300


class CopyRecord(Record):
    """The last run. `busy_until_ms`: it has the organization until then."""

    status = UnicodeAttribute(default="NEVER")
    started_ms = NumberAttribute(null=True)
    finished_ms = NumberAttribute(null=True)
    busy_until_ms = NumberAttribute(null=True)
    days = NumberAttribute(default=0)
    rows = NumberAttribute(default=0)
    size = NumberAttribute(default=0)
    reason = UnicodeAttribute(default="")


def last_copy(organization_id: str) -> LastCopy:
    try:
        record = CopyRecord.get(*keys.copy(organization_id), consistent_read=True)
    except CopyRecord.DoesNotExist:
        return LastCopy()
    return entity_in(LastCopy, record)


def begin(organization_id: str, now_ms: int, until_ms: int) -> bool:
    """Whether this run may go on; no other one may until then."""
    record, busy = CopyRecord, CopyRecord.busy_until_ms
    free = busy.does_not_exist() | (busy <= now_ms)
    actions = [busy.set(until_ms), record.started_ms.set(now_ms), record.status.set("RUNNING")]
    return update_if(Update(CopyRecord(*_key(organization_id)), actions, free))


def end(organization_id: str, until_ms: int, status: CopyStatus, copied: Copied, reason: str, now_ms: int) -> None:
    """Writes how a run went, unless another has begun since."""
    record, busy = CopyRecord, CopyRecord.busy_until_ms
    actions = [
        busy.set(0),
        record.status.set(status),
        record.finished_ms.set(now_ms),
        record.days.set(copied.days),
        record.rows.set(copied.rows),
        record.size.set(copied.size),
        record.reason.set(reason[:_LONGEST_REASON]),
    ]
    update_if(Update(CopyRecord(*_key(organization_id)), actions, busy == until_ms))


def _key(organization_id: str) -> Key:
    return keys.copy(organization_id)
