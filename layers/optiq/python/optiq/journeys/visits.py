"""How far around an event a history must be looked at, so that visits come out as from the whole.

A pause of 30 minutes ends every visit, so what lies between two pauses can be derived by itself. Days without one, or
with more events than any person makes, are left out: no visit or touch is made of them, and no other day depends on
them (docs/decisions/0031).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

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


def crowded_days(ordered: Sequence[Fact]) -> frozenset[int]:
    """The UTC days, counted from 1970, that are left out, of all facts of whole days."""
    if len(ordered) < min(_FEWEST_WITHOUT_PAUSE, MAX_DAY_FACTS):
        return frozenset()
    by_day = groupby(ordered, lambda fact: fact.occurred_ms // DAY_MS)
    return frozenset(day for day, facts in by_day if is_crowded(day, [fact.occurred_ms for fact in facts]))


def is_crowded(day: int, times_ms: Sequence[int]) -> bool:
    """Whether a UTC day with events at these instants, in order, is left out."""
    if too_many(len(times_ms)):
        return True
    if len(times_ms) < _FEWEST_WITHOUT_PAUSE:
        return False
    edges = (day * DAY_MS, *times_ms, (day + 1) * DAY_MS)
    return all(after - before <= PAUSE_MS for before, after in pairwise(edges))


def newly_crowded(day: int, ordered: Sequence[Fact], receipts: Iterable[str]) -> bool:
    """Whether a day is left out only since the facts of these deliveries are known."""
    if len(ordered) < min(_FEWEST_WITHOUT_PAUSE, MAX_DAY_FACTS):
        return False
    of_day = [fact for fact in ordered if fact.occurred_ms // DAY_MS == day]
    if not is_crowded(day, [fact.occurred_ms for fact in of_day]):
        return False
    new = set(receipts)
    return not is_crowded(day, [fact.occurred_ms for fact in of_day if fact.receipt not in new])


def settled_from(times_ms: Sequence[int], first_day: int) -> int:
    """From when on visits are sure, where nothing before a UTC day is known: after the first pause."""
    last_ms = first_day * DAY_MS
    for at_ms in times_ms:
        if at_ms - last_ms > PAUSE_MS:
            return at_ms
        last_ms = at_ms
    return last_ms + 1


def pause_after(times_ms: Sequence[int], instant_ms: int) -> int:
    """The last of the events that follow one another without a pause from an instant on."""
    place = max(bisect_right(times_ms, instant_ms) - 1, bisect_left(times_ms, instant_ms))
    last_ms = instant_ms
    for at_ms in times_ms[place:]:
        if at_ms - last_ms > PAUSE_MS:
            break
        last_ms = max(last_ms, at_ms)
    return last_ms
