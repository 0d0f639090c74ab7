"""The days that are written again of a person who has gained or lost identifiers.

The latest count, up to a limit that all identifiers share: what is older keeps the name it was written under.
"""

from collections.abc import Iterable, Iterator, Sequence

from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.moves import Moves
from optiq.journeys.customers.person import Person, counts_of, first_ms_of
from optiq.journeys.customers.table import Customers
from optiq.journeys.days import day_of_slot, slots_of
from optiq.journeys.history import Fact
from optiq.journeys.journey import derive, in_order
from optiq.journeys.stretches import Stretch, runs
from optiq.journeys.visits import pause_after, settled_from, too_many
from optiq.kernel.clock import DAY_MS
from optiq.tenancy.contracts import Site

MAX_RETOLD_FACTS = 2_000
"""When identifiers are linked or parted, so many of the person's latest events are looked at again. Visits from before
them keep the name of the person they were written with."""


def moved_days(site: Site, person: Person, moves: Moves, customers: Customers) -> Iterator[Stretch]:
    """The latest days on which a person differs who has gained or lost identifiers, a stretch for each run of days."""
    parts = _parts(person)
    for first_day, last_day in runs(_latest(person, moves, parts)):
        before, after = first_day - 1, last_day + 1
        crowded = person.crowded_among(slots_of(before, after))
        facts = in_order(customers.facts_between(person, before, after))
        history = derive(facts, site, person.first_ms, crowded)
        times = [fact.occurred_ms for fact in facts]
        since_ms = min(settled_from(times, before), first_day * DAY_MS)
        until_ms = pause_after(times, after * DAY_MS - 1)
        # Of days that were not crowded before, visits were written.
        once = {
            fact.event_id: fact
            for slot in crowded.intersection(slots_of(first_day, last_day))
            for part in parts
            if not too_many(_count_on(part, slot))
            for fact in _facts_on(customers, part, slot)
        }
        yield Stretch(
            (*once.values(), *facts), history, since_ms, until_ms, since_ms, late=True, days=range(first_day, after)
        )


def _parts(person: Person) -> list[list[Customer]]:
    """The person's customers by the names that they are written under."""
    parts: dict[str, list[Customer]] = {}
    for customer in person.customers:
        for written in customer.written:
            parts.setdefault(written.customer_id, []).append(customer)
    return list(parts.values())


def _facts_on(customers: Customers, part: Sequence[Customer], slot: int) -> Iterator[Fact]:
    customers.load_days((customer, slot) for customer in part)
    for customer in part:
        yield from customer.facts_on((slot,))


def _count_on(customers: Iterable[Customer], slot: int) -> int:
    return sum(customer.count_on(slot) for customer in customers)


def _latest(person: Person, moves: Moves, parts: Sequence[Sequence[Customer]]) -> list[int]:
    """The latest days of those who came to a person or left it: so many as may be looked at, with the days beside them.

    Also the days on which the person was first seen, before and now, if these are two.
    """
    counts = person.counts()
    changed = (*counts_of(customer for customer, _ in moves.came), *counts_of(moves.left))
    differing = set(map(day_of_slot, changed))
    known = set(map(day_of_slot, counts))
    once_first = first_ms_of([*moves.stayed(person), *moves.left])
    if once_first != person.first_ms:
        differing |= {at_ms // DAY_MS for at_ms in (once_first, person.first_ms) if at_ms is not None}
    days: list[int] = []
    looked_at: set[int] = set()
    left = MAX_RETOLD_FACTS
    for day in sorted(differing, reverse=True):
        around = {day - 1, day, day + 1}
        if left <= 0:
            break
        if not any(near in known for near in around):
            continue
        days.append(day)
        for slot in slots_of(day, day):
            if too_many(counts[slot]):
                left -= sum(count for part in parts if not too_many(count := _count_on(part, slot)))
        for near in around - looked_at:
            looked_at.add(near)
            left -= sum(counts[slot] for slot in slots_of(near, near) if not too_many(counts[slot]))
    return sorted(days)
