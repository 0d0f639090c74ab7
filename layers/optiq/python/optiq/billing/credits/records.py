"""Ledgers of credits in the table: the head, its entries, which source has which entry, and when the clock is due."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.billing import keys
from optiq.billing.ledger.contracts import (
    Entry,
    Head,
    Hold,
    Lot,
    PendingBonus,
    Purchase,
    Source,
    Terms,
)
from optiq.billing.ledger.posting import due_ms
from optiq.kernel.clock import utc_day
from optiq.kernel.keys import Key
from optiq.kernel.records import entity_in, record_of, values_of
from optiq.kernel.table import BySecondKey, Put, Record

EntryRecord: Any = record_of(Entry)
PurchaseRecord: Any = record_of(Purchase)


class HeadRecord(Record):
    """Where a ledger is. What has amounts is one JSON text: its integers are exact, and it is small."""

    version = NumberAttribute()
    sequence = NumberAttribute()
    at_ms = NumberAttribute()
    seal = UnicodeAttribute()
    state = UnicodeAttribute()


class SourceRecord(Record):
    """Which entry a source has."""

    sequence = NumberAttribute()


class MarkRecord(Record):
    """A place in the index: when a ledger is due, or that it has entries of a day."""

    by_second_key = BySecondKey()


def find_head(organization_id: str) -> Head:
    """One without entries before the first."""
    try:
        record = HeadRecord.get(*keys.head(organization_id), consistent_read=True)
    except HeadRecord.DoesNotExist:
        return Head()
    state = json.loads(record.state)
    return Head(
        version=int(record.version),
        sequence=int(record.sequence),
        at_ms=int(record.at_ms),
        seal=record.seal,
        lots=tuple(Lot(*lot) for lot in state["lots"]),
        holds=tuple(
            Hold(hold_id, product, tuple(Lot(*part) for part in parts), expires_ms)
            for hold_id, product, parts, expires_ms in state["holds"]
        ),
        debt=state["debt"],
        overdraft=state["overdraft"],
        terms=Terms(*state["terms"]) if state["terms"] else None,
        period_ms=state["period_ms"],
        allotted=state["allotted"],
        bonuses=tuple(PendingBonus(*bonus) for bonus in state["bonuses"]),
    )


def head_put(organization_id: str, before: Head, after: Head) -> Put:
    """Refused when the ledger was changed since it was read."""
    terms = after.terms
    state = {
        "lots": [_lot(lot) for lot in after.lots],
        "holds": [
            [hold.hold_id, hold.product, [_lot(part) for part in hold.parts], hold.expires_ms] for hold in after.holds
        ],
        "debt": after.debt,
        "overdraft": after.overdraft,
        "terms": terms and [terms.plan, terms.anchor_ms, terms.credits, terms.max_rollover, terms.paid_until_ms],
        "period_ms": after.period_ms,
        "allotted": dict(after.allotted),
        "bonuses": [[bonus.voucher_id, bonus.percent, bonus.expires_ms] for bonus in after.bonuses],
    }
    record = HeadRecord(
        *keys.head(organization_id),
        version=after.version,
        sequence=after.sequence,
        at_ms=after.at_ms,
        seal=after.seal,
        state=json.dumps(state, separators=(",", ":")),
    )
    unmoved = HeadRecord.version == before.version if before.version else HeadRecord.pk.does_not_exist()
    return Put(record, unmoved)


def _lot(lot: Lot) -> list[Any]:
    return [lot.kind, lot.remaining, lot.expires_ms, lot.paid, lot.source, lot.sequence]


def entry_put(organization_id: str, entry: Entry) -> Put:
    record = EntryRecord(*keys.entry(organization_id, entry.sequence), **values_of(entry))
    return Put(record, EntryRecord.pk.does_not_exist())


def find_entry(organization_id: str, sequence: int) -> Entry:
    return _entry(EntryRecord.get(*keys.entry(organization_id, sequence), consistent_read=True))


def entries(organization_id: str, *, before: int | None = None, newest_first: bool = False) -> Iterator[Entry]:
    """All entries, or those before a number."""
    return map(_entry, raw_entries(organization_id, before=before, newest_first=newest_first))


def raw_entries(organization_id: str, *, before: int | None = None, newest_first: bool = False) -> Iterator[Record]:
    """As `entries`, unread: somebody may have written something else there."""
    first = keys.entry(organization_id, 0)
    last = keys.entry(organization_id, 10**12 - 1 if before is None else before - 1)
    found: Iterator[Record] = EntryRecord.query(
        first.pk,
        EntryRecord.sk.between(first.sk, last.sk),
        scan_index_forward=not newest_first,
        consistent_read=True,
    )
    return found


def readable(record: Record) -> Entry | None:
    """The entry of a record; None for what was never written so, or elsewhere."""
    try:
        entry = _entry(record)
    except (ValueError, TypeError):
        return None
    return entry if str(record.sk) == f"ENTRY#{entry.sequence:012d}" else None


def _entry(record: Record) -> Entry:
    entry: Entry = entity_in(Entry, record)
    return replace(entry, source=Source(*entry.source))


def source_put(organization_id: str, entry: Entry) -> Put:
    record = SourceRecord(*keys.source(organization_id, *entry.source), sequence=entry.sequence)
    return Put(record, SourceRecord.pk.does_not_exist())


def entry_of(organization_id: str, source: Source) -> Entry | None:
    """The entry that a source has."""
    try:
        found = SourceRecord.get(*keys.source(organization_id, *source), consistent_read=True)
    except SourceRecord.DoesNotExist:
        return None
    return find_entry(organization_id, int(found.sequence))


def find_purchase(organization_id: str, purchase_id: str) -> Purchase:
    """One of version 0 before anything is known of it."""
    try:
        found: Purchase = entity_in(
            Purchase, PurchaseRecord.get(*keys.purchase(organization_id, purchase_id), consistent_read=True)
        )
    except PurchaseRecord.DoesNotExist:
        return Purchase(purchase_id)
    return found


def purchase_put(organization_id: str, purchase: Purchase) -> Put:
    """Refused when it was changed since it was read."""
    changed = replace(purchase, version=purchase.version + 1)
    record = PurchaseRecord(*keys.purchase(organization_id, purchase.purchase_id), **values_of(changed))
    unmoved = PurchaseRecord.version == purchase.version if purchase.version else PurchaseRecord.pk.does_not_exist()
    return Put(record, unmoved)


def mark_puts(organization_id: str, before: Head, after: Head) -> Iterator[Put]:
    """Places in the index that differ: when the ledger is due next, and the day of its last entry."""
    next_ms = due_ms(after)
    if next_ms != due_ms(before):
        place = (None, None) if next_ms is None else (keys.DUE, _position(next_ms, organization_id))
        yield _mark(keys.due(organization_id), *place)
    today = utc_day(after.at_ms)
    if after.sequence and (not before.sequence or today != utc_day(before.at_ms)):
        yield _mark(keys.day(organization_id, today), keys.ledgers_of_day(today), organization_id)


def _position(instant_ms: int, organization_id: str) -> str:
    return f"{instant_ms:015d}#{organization_id}"


def _mark(key: Key, partition: str | None, position: str | None) -> Put:
    return Put(MarkRecord(*key, gsi1pk=partition, gsi1sk=position), None)


def due_by(now_ms: int, most: int) -> list[str]:
    """The organizations of which something is due, the longest first."""
    found = MarkRecord.by_second_key.query(keys.DUE, MarkRecord.gsi1sk < _position(now_ms + 1, ""), limit=most)
    return [str(record.gsi1sk).partition("#")[2] for record in islice(found, most)]


def ledgers_of_day(day: str) -> Iterator[str]:
    """The organizations that have entries of a UTC day."""
    for record in MarkRecord.by_second_key.query(keys.ledgers_of_day(day)):
        yield str(record.gsi1sk)
