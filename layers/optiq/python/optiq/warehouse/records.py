"""How the copy of an organization's lake goes, in the table."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from optiq.kernel.keys import Key
from optiq.kernel.records import entity_in
from optiq.kernel.table import Record, Update, update_if
from optiq.warehouse import keys
from optiq.warehouse.contracts import Copied, CopyStatus, LastCopy, Waiting

_LONGEST_REASON = 300


class CopyRecord(Record):
    """The last run, and what waits for one (contracts.py). `busy_until_ms`: it has the organization until then."""

    status = UnicodeAttribute(default="NEVER")
    started_ms = NumberAttribute(null=True)
    finished_ms = NumberAttribute(null=True)
    busy_until_ms = NumberAttribute(null=True)
    days = NumberAttribute(default=0)
    rows = NumberAttribute(default=0)
    size = NumberAttribute(default=0)
    reason = UnicodeAttribute(default="")
    wanted_ms = NumberAttribute(null=True)
    clean_ms = NumberAttribute(null=True)


def last_copy(organization_id: str) -> LastCopy:
    return copy_of(organization_id)[0]


def copy_of(organization_id: str) -> tuple[LastCopy, Waiting]:
    """How the last run went, and what waits for one."""
    try:
        record = CopyRecord.get(*keys.copy(organization_id), consistent_read=True)
    except CopyRecord.DoesNotExist:
        return LastCopy(), Waiting()
    return entity_in(LastCopy, record), entity_in(Waiting, record)


def want(organization_id: str, now_ms: int) -> Update:
    """What says that a copy is wanted now, of an organization that has one."""
    return Update(CopyRecord(*_key(organization_id)), [CopyRecord.wanted_ms.set(now_ms)], CopyRecord.pk.exists())


def begin(organization_id: str, now_ms: int, until_ms: int) -> bool:
    """Whether this run may go on; no other one may until then."""
    return _taken(
        organization_id, now_ms, until_ms, CopyRecord.started_ms.set(now_ms), CopyRecord.status.set("RUNNING")
    )


def begin_cleaning(organization_id: str, now_ms: int, until_ms: int) -> bool:
    """As `begin`, for a run that copies nothing."""
    return _taken(organization_id, now_ms, until_ms)


def _taken(organization_id: str, now_ms: int, until_ms: int, *noted: Action) -> bool:
    busy = CopyRecord.busy_until_ms
    free = busy.does_not_exist() | (busy <= now_ms)
    return update_if(Update(CopyRecord(*_key(organization_id)), [busy.set(until_ms), *noted], free))


def end_cleaning(organization_id: str, until_ms: int, clean_ms: int | None) -> None:
    """Writes when the next files can be removed."""
    busy = CopyRecord.busy_until_ms
    update_if(Update(CopyRecord(*_key(organization_id)), [busy.set(0), _cleans(clean_ms)], busy == until_ms))


def end_wish(organization_id: str, began_ms: int) -> None:
    """A copy that was wanted before is made; one that is wanted since is not."""
    wanted = CopyRecord.wanted_ms
    update_if(Update(CopyRecord(*_key(organization_id)), [wanted.remove()], wanted < began_ms))


def _cleans(clean_ms: int | None) -> Action:
    return CopyRecord.clean_ms.remove() if clean_ms is None else CopyRecord.clean_ms.set(clean_ms)


def end(
    organization_id: str,
    until_ms: int,
    status: CopyStatus,
    copied: Copied,
    reason: str,
    now_ms: int,
    clean_ms: int | None = None,
) -> None:
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
        *([] if status == "FAILED" else [_cleans(clean_ms)]),
    ]
    update_if(Update(CopyRecord(*_key(organization_id)), actions, busy == until_ms))


def _key(organization_id: str) -> Key:
    return keys.copy(organization_id)
