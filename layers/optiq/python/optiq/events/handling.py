"""How a subscriber handles an event once, however often it is delivered.

The subscriber claims the event for some minutes, does its work, and writes its changes in one transaction with the mark
that the event is handled. A delivery that comes meanwhile is put off; one that comes later does nothing. A process that
is killed leaves the claim, which ends by itself: nothing was changed in the table, and the next delivery does the work.
Only effects outside the table, such as a mail that was sent, can then happen again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from optiq.events import keys
from optiq.events.contracts import Event
from optiq.events.facts import adapter_of
from optiq.events.records import HandledRecord
from optiq.kernel.clock import DAY_MS, MINUTE_MS, Clock, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.table import Put, Update, update_if, write_together

LEASE_MS = 2 * MINUTE_MS
"""How long a claim lasts. No subscriber may run longer."""
_KEPT_MS = 15 * DAY_MS
"""The mark that an event is handled outlasts every queue that may deliver it again (14 days)."""
_EVENT = adapter_of(Event)
F = TypeVar("F")


def event_in(delivered: Mapping[str, Any]) -> Event:
    """The event in what EventBridge hands to a function. Raises ValueError for anything else."""
    return _EVENT.validate_python(delivered["detail"])


def handle(
    delivered: Mapping[str, Any],
    subscriber: str,
    kind: type[F],
    work: Callable[[Event, F, int], Sequence[Put | Update]],
    clock: Clock = system_clock,
) -> None:
    """Does the work of a subscriber for an event, unless it was done.

    Args:
        subscriber: its name, such as `notifications.on_mail_requested`.
        kind: the class of the fact.
        work: gets the event, its fact and the instant; returns the writes that the event leads to.

    Raises:
        UpstreamError: deliver it again: another delivery is being handled, or what the work relied on changed.
    """
    event, now_ms = event_in(delivered), clock()
    record, until_ms = HandledRecord(*keys.handled(event.event_id, subscriber)), now_ms + LEASE_MS
    if not _claim(record, now_ms, until_ms):
        if _is_done(record):
            return
        raise UpstreamError("the event is being handled by another delivery", retryable=True)
    mine = (HandledRecord.taken_until_ms == until_ms) & (HandledRecord.done == False)  # noqa: E712 - a condition
    try:
        writes = work(event, adapter_of(kind).validate_python(event.data), now_ms)
        refused = write_together([*writes, Update(record, [HandledRecord.done.set(True)], mine)])
    except Exception:
        _release(record, mine)
        raise
    if refused:
        _release(record, mine)
        raise UpstreamError("what the event is about changed just then", retryable=True)


def _claim(record: HandledRecord, now_ms: int, until_ms: int) -> bool:
    changes = [
        HandledRecord.taken_until_ms.set(until_ms),
        HandledRecord.done.set(False),
        HandledRecord.forget_at.set((now_ms + _KEPT_MS) // 1000),
    ]
    is_over = (HandledRecord.done == False) & (HandledRecord.taken_until_ms <= now_ms)  # noqa: E712 - a condition
    return update_if(Update(record, changes, HandledRecord.pk.does_not_exist() | is_over))


def _is_done(record: HandledRecord) -> bool:
    try:
        return bool(HandledRecord.get(record.pk, record.sk, consistent_read=True).done)
    except HandledRecord.DoesNotExist:
        return False


def _release(record: HandledRecord, mine: Any) -> None:
    """Lets the next delivery begin at once."""
    update_if(Update(record, [HandledRecord.taken_until_ms.set(0)], mine))
