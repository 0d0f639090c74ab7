"""Takes match keys from the stream into the table, as far as their site wants them; a replay changes nothing.

A conversion's keys are one item. What names the person is one more item of their device, which is written only when it
changes or half of its time is over. So other conversions of the person find it.
"""

from collections.abc import Iterable, Sequence

from optiq.feedback.match_keys import keys
from optiq.feedback.match_keys.records import MatchKeysRecord
from optiq.kernel.clock import DAY_MS
from optiq.kernel.events import MatchKeysTaken
from optiq.kernel.keys import Key
from optiq.kernel.table import Put, put_each
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site


def take(messages: Sequence[MatchKeysTaken]) -> None:
    """Raises TableError: not all was written; take them again."""
    wanted = [(message, site) for message in messages if (site := _site_that_wants(message))]
    known = _known([message for message, _ in wanted])
    puts: dict[Key, Put] = {}
    for message, site in wanted:
        person = known.get(_person(message))
        if person and message.received_ms <= person.erased_ms:
            continue
        if message.goal:
            # The first stands: who sends an event's id again changes nothing.
            puts.setdefault(_event(message), Put(_record(_event(message), message, site), _NEW))
        if message.contact and _tells_more(message, person, site):
            newer = _NEW | (MatchKeysRecord.taken_ms < message.received_ms)
            record = _record(_person(message), message, site)
            # What came before an erasure and is taken later would have ended with this item.
            record.erased_ms = person.erased_ms if person else 0
            puts[_person(message)] = Put(record, newer)
    put_each(list(puts.values()))


_NEW = MatchKeysRecord.pk.does_not_exist()


def _site_that_wants(message: MatchKeysTaken) -> Site | None:
    site = tenancy.site_if_any(message.organization_id, message.site_id)
    if site is None:
        return None
    left_out = message.opted_out and site.privacy_signals == "LEAVE_OUT"
    return site if site.status == "ACTIVE" and site.conversion_feedback == "ON" and not left_out else None


def _known(messages: Iterable[MatchKeysTaken]) -> dict[Key, MatchKeysRecord]:
    wanted = {_person(message) for message in messages}
    found = MatchKeysRecord.batch_get([tuple(key) for key in wanted], consistent_read=True) if wanted else ()
    return {Key(record.pk, record.sk): record for record in found}


def _tells_more(message: MatchKeysTaken, person: MatchKeysRecord | None, site: Site) -> bool:
    if person is None or person.digest != message.digest:
        return True
    half_ms = site.match_key_days * DAY_MS // 2
    return message.received_ms > int(person.taken_ms) + half_ms


def _person(message: MatchKeysTaken) -> Key:
    return keys.of_person(message.organization_id, message.site_id, message.subject)


def _event(message: MatchKeysTaken) -> Key:
    place = (message.organization_id, message.site_id, message.subject)
    return keys.of_event(*place, message.order_id, message.event_id)


def _record(key: Key, message: MatchKeysTaken, site: Site) -> MatchKeysRecord:
    return MatchKeysRecord(
        *key,
        event_id=message.event_id,
        taken_ms=message.received_ms,
        digest=message.digest,
        sealed=message.sealed,
        forget_at=(message.received_ms + site.match_key_days * DAY_MS) // 1000,
    )
