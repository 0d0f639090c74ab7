"""Notes what events say of advertising: a write only where that changes. A replay changes nothing.

Records come before the state that says that they are there: a batch that is killed between finds the state as it was,
and writes the same records again, for their ids follow from the events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from optiq.consent import keys
from optiq.consent.contracts import ConsentWithdrawn
from optiq.consent.records import ConsentRecordRecord, ConsentStateRecord
from optiq.consent.saying import Saying, Sayings, holds, sayings_of
from optiq.events import api as events
from optiq.kernel.ad_consent import Purpose
from optiq.kernel.clock import Clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.events import EventAccepted
from optiq.kernel.ids import id_from
from optiq.kernel.keys import Key
from optiq.kernel.table import Condition, Put, Update, put_each, update_if

_ATTEMPTS = 5


@dataclass(slots=True)
class _Visitor:
    """What a visitor said last, as read and as this batch changes it."""

    key: Key
    sayings: dict[Purpose, Saying] = field(default_factory=dict)
    changes: int = 0
    erased_ms: int = 0
    version: int = 0
    records: list[ConsentRecordRecord] = field(default_factory=list)
    withdrawn: dict[Purpose, int] = field(default_factory=dict)


def note(accepted: Sequence[EventAccepted], clock: Clock) -> None:
    """Raises UpstreamError: others kept changing the same visitors' state; note them again."""
    waiting = [(event, subject) for event in accepted if (subject := subject_of(event))]
    for _ in range(_ATTEMPTS):
        if not waiting:
            return
        visitors = _read(waiting)
        for event, subject in waiting:
            _apply(visitors[_key(event, subject)], event, subject)
        lost = _write([one for one in visitors.values() if one.records], clock)
        waiting = [(event, subject) for event, subject in waiting if _key(event, subject) in lost]
    raise UpstreamError("what visitors consented to kept changing while it was noted", retryable=True)


def forget(organization_id: str, site_id: str, subject: str, erased_ms: int) -> None:
    """What a visitor said until then counts no more, whenever it comes. The records stay. Who said nothing has none."""
    state = ConsentStateRecord
    gone = [state.purposes.set({}), state.erased_ms.set(erased_ms), state.version.add(1)]
    before = state.pk.exists() & (state.erased_ms.does_not_exist() | (state.erased_ms < erased_ms))
    update_if(Update(state(*keys.state(organization_id, site_id, subject)), gone, before))


def subject_of(event: EventAccepted) -> str:
    """Whose an event's consent is: the device's, else the person's; "" for one who may be several people."""
    by_type = {identity.type: identity.hash for identity in event.identities}
    if "passing_id" in by_type:
        return ""
    return by_type.get("anonymous_id") or by_type.get("ga_cid") or event.identities[0].hash


def read_states(wanted: Iterable[Key]) -> Mapping[Key, ConsentStateRecord]:
    """Those states that there are."""
    places = [tuple(key) for key in set(wanted)]
    found = ConsentStateRecord.batch_get(places, consistent_read=True) if places else ()
    return {Key(record.pk, record.sk): record for record in found}


def sayings_in(record: ConsentStateRecord) -> Sayings:
    return {purpose: Saying(**fields) for purpose, fields in record.purposes.items()}


def _read(waiting: Sequence[tuple[EventAccepted, str]]) -> dict[Key, _Visitor]:
    visitors = {_key(*one): _Visitor(_key(*one)) for one in waiting}
    for key, record in read_states(visitors).items():
        visitor = visitors[key]
        visitor.sayings = dict(sayings_in(record))
        visitor.changes, visitor.version = int(record.changes), int(record.version)
        visitor.erased_ms = int(record.erased_ms)
    return visitors


def _apply(visitor: _Visitor, event: EventAccepted, subject: str) -> None:
    for purpose, said in sayings_of(event).items():
        before = visitor.sayings.get(purpose)
        if said.at_ms <= visitor.erased_ms or not holds(said, before, visitor.changes):
            continue
        record_id = id_from("consent", said.at_ms, event.receipt, purpose)
        key = keys.record(event.organization_id, event.site_id, subject, record_id)
        visitor.records.append(ConsentRecordRecord(*key, purpose=purpose, gpc=said.gpc, **asdict(said)))
        if before and before.granted and not said.granted:
            visitor.withdrawn[purpose] = said.at_ms
        if said.granted:
            visitor.withdrawn.pop(purpose, None)
        visitor.sayings[purpose] = said
        visitor.changes += 1


def _write(visitors: Sequence[_Visitor], clock: Clock) -> set[Key]:
    """Returns the states that somebody else changed meanwhile."""
    put_each([Put(record, ConsentRecordRecord.pk.does_not_exist()) for one in visitors for record in one.records])
    quiet = [one for one in visitors if not one.withdrawn]
    lost = put_each([_state(one) for one in quiet])
    refused = {quiet[position].key for position in lost}
    return refused | {one.key for one in visitors if one.withdrawn and not _publish(one, clock())}


def _state(visitor: _Visitor) -> Put:
    purposes = {purpose: asdict(saying) for purpose, saying in visitor.sayings.items()}
    record = ConsentStateRecord(
        *visitor.key,
        purposes=purposes,
        changes=visitor.changes,
        erased_ms=visitor.erased_ms,
        version=visitor.version + 1,
    )
    same: Condition = ConsentStateRecord.version == visitor.version
    return Put(record, same if visitor.version else ConsentStateRecord.pk.does_not_exist())


def _publish(visitor: _Visitor, now_ms: int) -> bool:
    """Writes the state with an event for each purpose that is withdrawn; False where the state was changed."""
    _, organization_id, _, site_id, _, subject = visitor.key.pk.split("#")
    customer_id = f"cus_{subject}"
    told = [
        events.event_of("consent", organization_id, ConsentWithdrawn(site_id, customer_id, purpose, at_ms), now_ms)
        for purpose, at_ms in visitor.withdrawn.items()
    ]
    return events.publish([_state(visitor)], told)


def _key(event: EventAccepted, subject: str) -> Key:
    return keys.state(event.organization_id, event.site_id, subject)
