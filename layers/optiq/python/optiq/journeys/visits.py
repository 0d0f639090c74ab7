"""How far around an event a history must be looked at, so that visits come out as from the whole.

A pause of 30 minutes ends every visit, so what lies between two pauses can be derived by itself. Days without one, or
with more events than any person makes, are left out: no visit or touch is made of them, and no other day depends on
them. What pages sent of a day is left out by itself: it takes no room of what servers sent (docs/decisions/0031).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from optiq.journeys.days import day_of_slot, slots_of
from optiq.journeys.history import Fact
from optiq.kernel.clock import DAY_MS, MINUTE_MS

PAUSE_MS = 30 * MINUTE_MS
"""Google Analytics 4's session time-out (support.google.com/analytics/answer/12798876)."""
MAX_DAY_FACTS = 1_000
"""Events of one person on one UTC day. More are a robot's, a monitor's or a shared test login's."""
_FEWEST_WITHOUT_PAUSE = DAY_MS // PAUSE_MS


def too_many(facts: int) -> bool:
    """Whether so many events of a UTC day are more than a person's."""
    return facts > MAX_DAY_FACTS


def crowded_slots(ordered: Sequence[Fact]) -> frozenset[int]:
    """The slots of UTC days (days.py) that are left out, of all facts of whole days."""
    if len(ordered) < min(_FEWEST_WITHOUT_PAUSE, MAX_DAY_FACTS):
        return frozenset()
    by_day = groupby(ordered, lambda fact: fact.occurred_ms // DAY_MS)
    return frozenset(slot for day, facts in by_day for slot in _crowded_of(day, list(facts)))


def _crowded_of(day: int, facts: Sequence[Fact]) -> Iterator[int]:
    """What a server sent stays while it alone leaves a pause; what pages sent, while both do."""
    pages, servers = slots_of(day, day)
    of_servers = [fact.occurred_ms for fact in facts if fact.from_server]
    if crowded := is_crowded(day, of_servers):
        yield servers
    of_pages = len(facts) - len(of_servers)
    left = [fact.occurred_ms for fact in facts if not (crowded and fact.from_server)]
    if of_pages and (too_many(of_pages) or not _has_pause(day, left)):
        yield pages


def is_crowded(day: int, times_ms: Sequence[int]) -> bool:
    """Whether one slot of a UTC day with events at these instants, in order, is left out."""
    return too_many(len(times_ms)) or not _has_pause(day, times_ms)


def _has_pause(day: int, times_ms: Sequence[int]) -> bool:
    if len(times_ms) < _FEWEST_WITHOUT_PAUSE:
        return True
    edges = (day * DAY_MS, *times_ms, (day + 1) * DAY_MS)
    return any(after - before > PAUSE_MS for before, after in pairwise(edges))


def newly_crowded(ordered: Sequence[Fact], days: Container[int], receipts: Iterable[str]) -> bool:
    """Whether a slot of some days is left out only since the facts of these deliveries are known."""
    new = set(receipts)
    now = {slot for slot in crowded_slots(ordered) if day_of_slot(slot) in days}
    return bool(now) and not now <= crowded_slots([fact for fact in ordered if fact.receipt not in new])


def settled_from(times_ms: Sequence[int], first_day: int) -> int:
    """From when on visits are sure, where nothing before a UTC day is known: after the first pause."""
    last_ms = first_day * DAY_MS
    for at_ms in times_ms:
        if at_ms - last_ms > PAUSE_MS:
            return at_ms
        last_ms = at_ms
    return last_ms + 1


def between_pauses(ordered: Sequence[Fact], first_ms: int, last_ms: int) -> Sequence[Fact]:
    """Of the facts of whole days those from the pause before an instant to the pause after another.

    All of them where what is between pauses does not follow from itself: a day may be left out, and what a server sent
    or names its session may belong to an earlier visit.
    """
    if crowded_slots(ordered) or any(fact.from_server or fact.session_hint for fact in ordered):
        return ordered
    times_ms = [fact.occurred_ms for fact in ordered]
    begin = bisect_left(times_ms, first_ms)
    while begin and times_ms[begin - 1] >= (times_ms[begin] if begin < len(times_ms) else first_ms) - PAUSE_MS:
        begin -= 1
    return ordered[begin : bisect_right(times_ms, pause_after(times_ms, last_ms))]


def pause_after(times_ms: Sequence[int], instant_ms: int) -> int:
    """The last of the events that follow one another without a pause from an instant on."""
    place = max(bisect_right(times_ms, instant_ms) - 1, bisect_left(times_ms, instant_ms))
    last_ms = instant_ms
    for at_ms in times_ms[place:]:
        if at_ms - last_ms > PAUSE_MS:
            break
        last_ms = max(last_ms, at_ms)
    return last_ms
