"""Audit logs in the table: each entry an item, each chain with a head, and a list of the chains."""

import json

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from optiq.audit import keys, positions
from optiq.audit.contracts import EARLIER, Change, Entry
from optiq.kernel.caller import Origin
from optiq.kernel.table import BySecondKey, Record


class HeadRecord(Record):
    """The last entry of a chain: its number, instant and seal."""

    sequence = NumberAttribute()
    at_ms = NumberAttribute()
    seal = UnicodeAttribute()


class ChainsRecord(Record):
    """How often each chain of a log was begun. More than once means that somebody deleted its head."""

    begun = JSONAttribute()
    seal = UnicodeAttribute()


class StartRecord(Record):
    """The last entry of a chain that was removed: its number and seal, sealed, so that nobody else can remove one."""

    sequence = NumberAttribute()
    seal = UnicodeAttribute()
    proof = UnicodeAttribute()


class EntryRecord(Record):
    """One entry; an entity's entries also by the second key."""

    by_second_key = BySecondKey()

    chain = UnicodeAttribute(default=EARLIER)
    log = UnicodeAttribute(attr_name="book")
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
        change, position = entry.change, positions.position(entry)
        return cls(
            keys.partition(change.log),
            position,
            gsi1pk=keys.entries_of(change.log, change.entity),
            gsi1sk=position,
            chain=entry.chain,
            log=change.log,
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
            log=self.log,
            actor=self.actor,
            action=self.action,
            entity=self.entity,
            before=json.loads(self.before),
            after=json.loads(self.after),
            origin=Origin(*json.loads(self.origin)),
        )
        return Entry(self.chain, int(self.sequence), int(self.at_ms), change, self.seal)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
