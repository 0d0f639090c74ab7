"""Who ended which recurring mail by the address in it, in the table."""

from collections import defaultdict

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Put, Record, Update, put_one, update_if
from optiq.notifications import keys


class UnsubscribedRecord(Record):
    """A recipient gets a topic's mail no more. `ended_ms` is 0 once they get it again."""

    user_id = UnicodeAttribute()
    ended_ms = NumberAttribute()


def end(organization_id: str, topic: str, recipient: str, now_ms: int) -> None:
    key = keys.unsubscribed(organization_id, topic, recipient)
    put_one(Put(UnsubscribedRecord(*key, user_id=recipient, ended_ms=now_ms), None))


def begin_again(organization_id: str, topic: str, recipient: str) -> None:
    record = UnsubscribedRecord(*keys.unsubscribed(organization_id, topic, recipient))
    update_if(Update(record, [UnsubscribedRecord.ended_ms.set(0)], UnsubscribedRecord.pk.exists()))


def has_ended(organization_id: str, topic: str, recipient: str) -> bool:
    try:
        found = UnsubscribedRecord.get(*keys.unsubscribed(organization_id, topic, recipient), consistent_read=True)
    except UnsubscribedRecord.DoesNotExist:
        return False
    return bool(found.ended_ms)


def ended_by_topic(organization_id: str) -> dict[str, frozenset[str]]:
    """The recipients who ended each topic of an organization; those that nobody ended are left out."""
    first = keys.unsubscribed(organization_id, "", "")
    found: defaultdict[str, set[str]] = defaultdict(set)
    for record in UnsubscribedRecord.query(
        first.pk, UnsubscribedRecord.sk.startswith(first.sk.rstrip("#") + "#"), consistent_read=True
    ):
        if record.ended_ms:
            found[record.sk.split("#")[1]].add(str(record.user_id))
    return {topic: frozenset(recipients) for topic, recipients in found.items()}
