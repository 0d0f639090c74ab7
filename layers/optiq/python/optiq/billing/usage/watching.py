"""Watches limits while events are counted: how many more may be stored, and whom to notify.

A process keeps what it read of an organization, and adds what it counts itself. It reads again when that reaches a
threshold, and now and then, because other processes count too. Where nobody pays nothing is read.
"""

from collections.abc import MutableMapping
from dataclasses import replace
from threading import Lock

from cachetools import LRUCache

from optiq.billing.gateways.account import stripe_account
from optiq.billing.subscribing.seeing import terms_of
from optiq.billing.usage import stopping
from optiq.billing.usage.allowing import allowance
from optiq.billing.usage.month import LOOK_MS, Seen, seen_of, state_of
from optiq.billing.usage.noticing import notify
from optiq.kernel.clock import Clock, system_clock

_KNOWN_ORGANIZATIONS = 10_000


Known = MutableMapping[str, Seen]
known_here: Known = LRUCache(_KNOWN_ORGANIZATIONS)
_lock = Lock()
"""Batches of several shards are counted by several threads."""


def watch(organization_id: str, added: int, *, clock: Clock = system_clock, known: Known = known_here) -> None:
    """Notes that events were counted.

    Args:
        known: what was read of each organization.

    Raises:
        UpstreamError: the table does not answer; the same events may be noted again.
    """
    if stripe_account() is None:
        return
    seen = _noted(organization_id, known, stored=added)
    if seen is None or clock() >= seen.look_ms or seen.reached > seen.noticed:
        _keep(organization_id, seen, look(organization_id, clock), known)


def room_for(
    organization_id: str, wanted: int, *, clock: Clock = system_clock, known: Known = known_here
) -> Seen | None:
    """What is known of an organization that has no room for so many events now; None where all may be stored.

    Raises:
        UpstreamError: the table does not answer.
    """
    if stripe_account() is None:
        return None
    seen = _known(organization_id, known)
    if seen is not None and _has_room(seen, wanted) and clock() < seen.look_ms:
        return None
    # Who has room no more is looked at once; from then on now and then.
    if seen is None or clock() >= seen.look_ms or state_of(seen) == "OPEN":
        before, seen = seen, look(organization_id, clock)
        _keep(organization_id, before, seen, known)
    return None if _has_room(seen, wanted) else seen


def note_held(organization_id: str, added: int, *, clock: Clock = system_clock, known: Known = known_here) -> None:
    """Notes that events were held. Who makes them too many has the edge refuse what comes."""
    after = _noted(organization_id, known, held=added)
    if after is None:
        return
    if state_of(after) == "STOPPED" != state_of(replace(after, held=after.held - added)):
        _keep(organization_id, after, look(organization_id, clock), known)


def look(organization_id: str, clock: Clock) -> Seen:
    """Reads what an organization used, notifies its owners, and has the edge refuse or take what it sends."""
    now_ms, terms = clock(), terms_of(organization_id, clock)
    end_ms = terms.period.hours[1]
    if terms.entitlements.monthly_events is None and terms.entitlements.stance != "SUSPENDED":
        unlimited = allowance(terms.entitlements, "", None, None, now_ms)
        return Seen(unlimited, 0, 0, (), 0, min(now_ms + LOOK_MS, end_ms))
    seen = seen_of(organization_id, terms, now_ms)
    if reached := seen.marks[: seen.reached]:
        notify(organization_id, terms, seen.stored, reached, now_ms)
    stopping.settle(organization_id, state_of(seen), end_ms, now_ms)
    return seen


def _has_room(seen: Seen, wanted: int) -> bool:
    return seen.room is None or seen.room >= wanted


def _known(organization_id: str, known: Known) -> Seen | None:
    with _lock:
        return known.get(organization_id)


def _noted(organization_id: str, known: Known, stored: int = 0, held: int = 0) -> Seen | None:
    """What is known with these events added; None where nothing is."""
    with _lock:
        seen = known.get(organization_id)
        if seen is not None:
            seen = known[organization_id] = replace(seen, stored=seen.stored + stored, held=seen.held + held)
        return seen


def _keep(organization_id: str, before: Seen | None, looked: Seen, known: Known) -> None:
    """Keeps what was looked up. What another thread noted since `before` may be missing in it."""
    with _lock:
        now = known.get(organization_id)
        if now is not None and now is not before and now.marks == looked.marks:
            looked = replace(looked, stored=max(looked.stored, now.stored), held=max(looked.held, now.held))
        known[organization_id] = looked
