"""How a channel's receiver has answered, in the table."""

from dataclasses import dataclass

from pynamodb.attributes import NumberAttribute

from optiq.kernel.table import Record, Update, update_if
from optiq.notifications import keys


@dataclass(frozen=True, slots=True)
class Health:
    """`failing_since_ms`: since then nothing was taken; `held_until_ms`: nothing is sent before. 0 for neither."""

    failing_since_ms: int = 0
    held_until_ms: int = 0


class TargetRecord(Record):
    """The health of one channel."""

    failing_since_ms = NumberAttribute(default=0)
    held_until_ms = NumberAttribute(default=0)


def health_of(organization_id: str, channel_id: str) -> Health:
    try:
        found = TargetRecord.get(*keys.target(organization_id, channel_id), consistent_read=True)
    except TargetRecord.DoesNotExist:
        return Health()
    return Health(int(found.failing_since_ms or 0), int(found.held_until_ms or 0))


def note_works(organization_id: str, channel_id: str) -> None:
    failing = TargetRecord.failing_since_ms
    record = TargetRecord(*keys.target(organization_id, channel_id))
    update_if(Update(record, [failing.set(0), TargetRecord.held_until_ms.set(0)], TargetRecord.pk.exists()))


def note_fails(organization_id: str, channel_id: str, now_ms: int, held_until_ms: int) -> int:
    """Notes that a receiver did not take a message; returns since when it has failed."""
    failing = TargetRecord.failing_since_ms
    record = TargetRecord(*keys.target(organization_id, channel_id))
    update_if(Update(record, [failing.set(now_ms)], TargetRecord.pk.does_not_exist() | (failing == 0)))
    update_if(Update(record, [TargetRecord.held_until_ms.set(held_until_ms)], TargetRecord.pk.exists()))
    return health_of(organization_id, channel_id).failing_since_ms
