"""What is counted beside what is shared."""

from pynamodb.attributes import NumberAttribute

from optiq.kernel.keys import Key
from optiq.kernel.table import Record, Update, update_if


class ShareUseRecord(Record):
    """When a share link was last used, to a minute."""

    used_ms = NumberAttribute()


def note_use(key: Key, now_ms: int, apart_ms: int) -> None:
    """Notes a use, unless one was noted less than `apart_ms` ago."""
    used = ShareUseRecord.used_ms
    update_if(Update(ShareUseRecord(*key), [used.set(now_ms)], used.does_not_exist() | (used <= now_ms - apart_ms)))


def last_uses(keys: list[Key]) -> dict[Key, int]:
    """When each was last used; those that never were are left out."""
    found = ShareUseRecord.batch_get([tuple(key) for key in keys])
    return {Key(record.pk, record.sk): int(record.used_ms) for record in found}
