"""Addresses that mail does not reach, or whose owner complained, in the table."""

from typing import Literal, cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Put, Record, Update, put_one, update_if
from optiq.notifications import keys

Why = Literal["BOUNCED", "COMPLAINED"]


class SuppressedRecord(Record):
    """An address, by its hash. `why` is "" once mail is sent there again."""

    why = UnicodeAttribute(default="")
    since_ms = NumberAttribute()


def suppress(address_hash: str, why: Why, now_ms: int) -> None:
    put_one(Put(SuppressedRecord(*keys.suppressed(address_hash), why=why, since_ms=now_ms), None))


def lift_bounce(address_hash: str, sent_ms: int) -> None:
    """A mail that was sent after the bounce has arrived: the address is reached again."""
    record = SuppressedRecord(*keys.suppressed(address_hash))
    bounced = (SuppressedRecord.why == "BOUNCED") & (SuppressedRecord.since_ms < sent_ms)
    update_if(Update(record, [SuppressedRecord.why.set("")], bounced))


def suppressed(address_hash: str) -> Why | None:
    """Why nothing is sent to an address, or None."""
    try:
        found = SuppressedRecord.get(*keys.suppressed(address_hash), consistent_read=True)
    except SuppressedRecord.DoesNotExist:
        return None
    return cast(Why, found.why) if found.why else None
