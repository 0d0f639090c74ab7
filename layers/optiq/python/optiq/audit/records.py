"""Books in the table: each entry an item of its own, and one head that says where the book ends."""

import json

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.audit import keys
from optiq.audit.contracts import Change, Entry
from optiq.kernel.caller import Origin
from optiq.kernel.table import BySecondKey, Record


class HeadRecord(Record):
    """The last entry's number, instant and seal."""

    sequence = NumberAttribute()
    at_ms = NumberAttribute()
    seal = UnicodeAttribute()


class EntryRecord(Record):
    """One entry; an entity's entries also by the second key."""

    by_second_key = BySecondKey()

    book = UnicodeAttribute()
    sequence = NumberAttribute()
    at_ms = NumberAttribute()
    actor = UnicodeAttribute()
    action = UnicodeAttribute()
    entity = UnicodeAttribute()
    before = UnicodeAttribute()
    after = UnicodeAttribute()
    origin = UnicodeAttribute()
    seal = UnicodeAttribute()

    @classmethod
    def of(cls, entry: Entry) -> "EntryRecord":
        change = entry.change
        key = keys.audit_entry(change.book, entry.sequence)
        return cls(
            key.pk,
            key.sk,
            gsi1pk=keys.audit_of_entity(change.book, change.entity),
            gsi1sk=key.sk,
            book=change.book,
            sequence=entry.sequence,
            at_ms=entry.at_ms,
            actor=change.actor,
            action=change.action,
            entity=change.entity,
            before=_json(dict(change.before)),
            after=_json(dict(change.after)),
            origin=_json([change.origin.network, change.origin.device, change.origin.place]),
            seal=entry.seal,
        )

    def entry(self) -> Entry:
        """Raises ValueError or TypeError when the item holds what was never written."""
        change = Change(
            book=self.book,
            actor=self.actor,
            action=self.action,
            entity=self.entity,
            before=json.loads(self.before),
            after=json.loads(self.after),
            origin=Origin(*json.loads(self.origin)),
        )
        return Entry(int(self.sequence), int(self.at_ms), change, self.seal)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
