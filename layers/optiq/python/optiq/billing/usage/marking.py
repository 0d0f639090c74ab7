"""Marks behind the last events of a month, one on each shard: all there is all counted, with no guess about lag."""

from collections.abc import Sequence

from optiq.billing import keys
from optiq.billing.usage.contracts import ShardMark
from optiq.billing.usage.records import MarkRecord
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.events import UsageMark, encode
from optiq.kernel.table import table_outages
from optiq.ports import wiring
from optiq.ports.stream import Record

_KEPT_DAYS = 60


def put_marks(organization_id: str, month_ms: int) -> tuple[str, ...]:
    """Puts a mark on each shard that the organization's events may come to; their names. Raises UpstreamError."""
    mark = UsageMark(organization_id=organization_id, month_ms=month_ms)
    record = Record(organization_id, mark.type, encode(mark), organization_id)
    return tuple(wiring.stream().put_on_every_shard(record))


def note_marks(marks: Sequence[ShardMark]) -> None:
    """Notes marks that were read, after all that came before them was counted."""
    forget_at = (system_clock() + _KEPT_DAYS * DAY_MS) // 1000
    for one in marks:
        with table_outages():
            MarkRecord(*keys.usage_mark(one.organization_id, one.month_ms, one.shard), forget_at=forget_at).save()


def marked_shards(organization_id: str, month_ms: int) -> set[str]:
    """The shards whose mark was read."""
    start = keys.usage_mark(organization_id, month_ms, "")
    with table_outages():
        found = MarkRecord.query(start.pk, MarkRecord.sk.startswith(start.sk), consistent_read=True)
        return {str(one.sk).removeprefix(start.sk) for one in found}
