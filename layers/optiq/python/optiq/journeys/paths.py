"""Conversions with the touches before them, read in bounded pieces of their customers' histories."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from optiq.journeys import conversions, visits
from optiq.journeys.contracts import Conversion, ConversionPath
from optiq.journeys.customers.person import Person
from optiq.journeys.customers.table import Customers
from optiq.journeys.days import day_of_slot, slots_of
from optiq.journeys.history import Fact
from optiq.journeys.journey import History, derive, in_order
from optiq.journeys.ordering import conversion_id_of
from optiq.journeys.visits import settled_from
from optiq.kernel.clock import DAY_MS
from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.tenancy.contracts import Site

MAX_PATH_FACTS = 2_000
"""As it arrives, a conversion's path is looked for in so many of the customer's events before it: 22 a day for 90 days.
A recomputation, which reads the touches of the whole window, has no such limit."""
MAX_SHOWN_FACTS = 5_000
"""Of a customer who is looked at, so many of the latest events are read; days that have more are left out."""


def paths_of(site: Site, conversion_ids: Sequence[str], window_days: int) -> Iterator[ConversionPath]:
    """See `api.conversion_paths`."""
    found = conversions.find(site.organization_id, site.site_id, conversion_ids)
    customers = Customers(site.organization_id, site.site_id)
    customers.load({one.customer_id: "anonymous_id" for one in found})
    by_person: dict[str, list[Conversion]] = defaultdict(list)
    for conversion in found:
        if conversion.part_of:
            yield ConversionPath(conversion, ())
        else:
            by_person[customers.person_of(conversion.customer_id).customer_id].append(conversion)
    for name, of_person in by_person.items():
        person = customers.person_of(name)
        for group in _groups(person, of_person, window_days):
            yield from _of_group(site, person, group, window_days, customers)


def loaded(site: Site, customer_id: str) -> Customers:
    """A customer with everybody they are one person with. Raises NotFoundError."""
    if not may_be_id(customer_id):
        raise NotFoundError("customer_id: unknown")
    customers = Customers(site.organization_id, site.site_id)
    # The record says what identifies the customer; for one that is not there it makes no difference.
    customers.load({customer_id: "anonymous_id"})
    one = customers.get(customer_id)
    if not one.version or one.erased_ms:
        raise NotFoundError("customer_id: unknown")
    return customers


def history_of(
    site: Site, person: Person, last_day: int, first_day: int, customers: Customers
) -> tuple[list[Fact], History, int]:
    """A person's facts up to a UTC day and what follows from them, and from which day on all are known."""
    counts = person.counts()
    first_day = _back_to(counts, last_day, first_day, MAX_SHOWN_FACTS, MAX_SHOWN_FACTS)
    facts = in_order(customers.facts_between(person, first_day, last_day, MAX_SHOWN_FACTS))
    crowded = person.crowded_among(counts.keys() & slots_of(first_day, last_day))
    return facts, derive(facts, site, person.first_ms, crowded), first_day


def _back_to(counts: Mapping[int, int], last_day: int, first_day: int, facts: int, most: int) -> int:
    """The day from which on a person has so many facts, but at the earliest `first_day`; those of slots with more than
    `most` do not count."""
    slots = sorted(counts.keys() & slots_of(first_day, last_day))
    known = 0
    for slot in reversed(slots):
        known += counts[slot] if counts[slot] <= most else 0
        if known >= facts and day_of_slot(slot) > day_of_slot(slots[0]):
            return day_of_slot(slot)
    return first_day


def _groups(person: Person, of_person: list[Conversion], window_days: int) -> Iterator[list[Conversion]]:
    """All of a person's conversions together where one piece of history serves them, else those of each day."""
    days = [one.occurred_ms // DAY_MS for one in of_person]
    begin = max(0, min(days) - window_days - 1)
    if _back_to(person.counts(), max(days), begin, 2 * MAX_PATH_FACTS, visits.MAX_DAY_FACTS) <= begin:
        yield of_person
        return
    by_day: dict[int, list[Conversion]] = defaultdict(list)
    for day, conversion in zip(days, of_person, strict=True):
        by_day[day].append(conversion)
    yield from by_day.values()


def _of_group(
    site: Site, person: Person, group: list[Conversion], window_days: int, customers: Customers
) -> Iterator[ConversionPath]:
    days = [one.occurred_ms // DAY_MS for one in group]
    # A day more, for a visit that began before it.
    begin = max(0, min(days) - window_days - 1)
    counts = person.counts()
    first_day = _back_to(counts, max(days), begin, MAX_PATH_FACTS, visits.MAX_DAY_FACTS)
    facts = in_order(customers.facts_between(person, first_day, max(days)))
    crowded = person.crowded_among(counts.keys() & slots_of(first_day, max(days)))
    history = derive(facts, site, person.first_ms, crowded, sessions_too=False)
    sure_ms = settled_from([fact.occurred_ms for fact in facts], first_day) if first_day else 0
    touches = tuple(touch for touch in history.touches if touch.occurred_ms >= sure_ms)
    goals = tuple((fact.name, conversion_id_of(fact, site.site_id)) for fact in history.goals)
    for conversion in group:
        yield ConversionPath(conversion, touches, conversions=goals)
