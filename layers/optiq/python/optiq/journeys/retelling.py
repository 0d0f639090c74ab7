"""The sessions and touches of a person that a change may have altered, and no others: rows to write to the lake again.

An event alters the visit it falls in and those after it up to a pause (visits.py). What a fact opened before and opens
no more gets a row that is marked as deleted.
"""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from optiq.journeys import visits
from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.person import Person
from optiq.journeys.customers.table import Customers
from optiq.journeys.days import slot_of, slots_of
from optiq.journeys.history import Fact
from optiq.journeys.journey import derive, in_order, touch_id_of
from optiq.journeys.lake_rows import Row, retired_session_row, retired_touch_row, session_row, touch_row
from optiq.journeys.moved_days import moved_days
from optiq.journeys.recording import Change, named
from optiq.journeys.sessions import is_first_contact, may_open_session, session_id_of
from optiq.journeys.stretches import Stretch, runs
from optiq.journeys.visits import (
    PAUSE_MS,
    between_pauses,
    newly_crowded,
    pause_after,
    too_many,
)
from optiq.kernel.clock import DAY_MS
from optiq.kernel.events import EventAccepted
from optiq.tenancy.contracts import Site

_FIRST_DAYS = 3


@dataclass(frozen=True, slots=True)
class Retold:
    """Rows for the lake, and from when on conversions may have other touches before them; None where none may.

    `of_days`: whole days lost their visits, which happens to a day once.
    """

    sessions: list[Row]
    touches: list[Row]
    altered_ms: int | None
    of_days: bool = False


def retell(site: Site, change: Change, customers: Customers) -> Retold:
    """Sessions and touches that may differ from those written before, and rows that delete those that ended."""
    person = change.person
    stretches = list(moved_days(site, person, change.moves, customers)) if change.moves else []
    stretches += _around(site, change, customers, {day for stretch in stretches for day in stretch.days})
    return Retold(
        sessions=[row for stretch in stretches for row in _session_rows(stretch, site, person)],
        touches=[row for stretch in stretches for row in _touch_rows(stretch, site, person)],
        altered_ms=min((stretch.altered_ms for stretch in stretches), default=None),
        of_days=any(stretch.of_days for stretch in stretches),
    )


def _around(site: Site, change: Change, customers: Customers, written: Container[int]) -> Iterator[Stretch]:
    """The visits around the events of a batch, a stretch for each run of days; not of days that are `written` whole."""
    person = change.person
    events = change.stored
    if change.beyond:
        events = [event for event in events if event.receipt not in change.beyond]
    receipts = {event.receipt for event in events}
    new = receipts - change.again
    new_ms = [event.occurred_ms for event in events]
    days: dict[int, list[int]] = {}
    for at_ms in new_ms:
        days.setdefault(at_ms // DAY_MS, []).append(at_ms)
    counted = Counter(map(slot_of, events))
    changed = set(counted)
    if (once_first := _once_first(events, person, customers)) is not None:
        days.setdefault(once_first // DAY_MS, []).append(once_first)
        changed |= set(slots_of(once_first // DAY_MS, once_first // DAY_MS))
    for first_day, last_day in runs(sorted(day for day in days if day not in written)):
        run = range(first_day, last_day + 1)
        crowded = person.crowded_among(slots_of(first_day - 1, last_day + 1))
        within = slots_of(first_day, last_day)
        fresh = {slot: counted[slot] for slot in crowded.intersection(within)}
        newly = any(not too_many(person.count_on(slot) - count) for slot, count in fresh.items())
        touched = changed.intersection(within)
        if crowded.issuperset(touched) and not newly:
            continue
        most = visits.MAX_DAY_FACTS + (max(fresh.values()) if newly else 0)
        facts = in_order(customers.facts_between(person, first_day - 1, last_day + 1, most))
        instants = [at_ms for day, of_day in days.items() if first_day <= day <= last_day for at_ms in of_day]
        since_ms, until_ms = _reach(facts, instants, events)
        altered_ms = min(instants)
        late = any(fact.occurred_ms >= altered_ms and fact.receipt not in new for fact in facts)
        newly = newly or newly_crowded(facts, run, receipts)
        if newly:
            since_ms, until_ms, late = (first_day - 1) * DAY_MS, (last_day + 2) * DAY_MS, True
            altered_ms = since_ms
        looked_at = facts if crowded or newly else between_pauses(facts, altered_ms, max(instants))
        history = derive(looked_at, site, person.first_ms, crowded)
        if newly or not history.crowded.issuperset(touched):
            yield Stretch(facts, history, since_ms, until_ms, altered_ms, late, newly)


def _reach(facts: Sequence[Fact], instants: Sequence[int], events: Sequence[EventAccepted]) -> tuple[int, int]:
    """An event changes the session it falls in and those after it up to a pause. What a server reports belongs to a
    session of the day before, perhaps; what it reported of later may belong to another one now."""
    first_ms = min(instants)
    by_server = any(event.from_server and event.kind == "TRACK" for event in events) or any(
        fact.from_server and fact.kind == "TRACK" and fact.occurred_ms > first_ms for fact in facts
    )
    since_ms = first_ms - (DAY_MS if by_server else PAUSE_MS)
    return since_ms, pause_after([fact.occurred_ms for fact in facts], max(instants))


def _once_first(events: Sequence[EventAccepted], person: Person, customers: Customers) -> int | None:
    """What was the person's earliest sight on the site before this batch; None where the batch brought none earlier.

    Whether a visit from the site itself is the first of a person decides if it makes a touch.
    """
    receipts = {event.receipt for event in events}
    if not any(event.occurred_ms == person.first_ms for event in events) or len(events) == person.counts().total():
        return None
    holders = {next(iter(named(event))) for event in events}
    of_others = [c.first_ms for c in person.customers if c.customer_id not in holders]
    of_holders = [_earliest(customers, c, receipts) for c in person.customers if c.customer_id in holders]
    return min((at_ms for at_ms in (*of_others, *of_holders) if at_ms is not None), default=None)


def _earliest(customers: Customers, customer: Customer, receipts: Container[str]) -> int | None:
    """When a customer was first seen without some events; of sealed facts those of the first days are read."""
    slots = sorted(customer.sealed)[: 2 * _FIRST_DAYS]
    customers.load_days((customer, slot) for slot in slots)
    facts = (*customer.recent, *(fact for slot in slots for fact in customer.pages.get(slot, ())))
    seen = (fact.occurred_ms for fact in facts if fact.receipt not in receipts and is_first_contact(fact))
    return min(seen, default=None)


def _session_rows(stretch: Stretch, site: Site, person: Person) -> Iterator[Row]:
    name, revision = person.customer_id, person.revision
    standing = {
        session.session_id: session
        for session in stretch.history.sessions
        if session.ended_ms >= stretch.since_ms and session.started_ms <= stretch.until_ms
    }
    for session in standing.values():
        yield session_row(session, site, name, revision)
    for fact in _candidates(stretch):
        if session_id_of(fact, site.site_id) not in standing:
            yield retired_session_row(fact, site, name, revision)


def _touch_rows(stretch: Stretch, site: Site, person: Person) -> Iterator[Row]:
    name, revision = person.customer_id, person.revision
    standing = {
        touch.touch_id: touch
        for touch in stretch.history.touches
        if stretch.since_ms <= touch.occurred_ms <= stretch.until_ms
    }
    for touch in standing.values():
        yield touch_row(touch, site, name, revision)
    for fact in _candidates(stretch):
        if touch_id_of(fact, site.site_id) not in standing:
            yield retired_touch_row(fact, site, name, revision)


def _candidates(stretch: Stretch) -> Iterator[Fact]:
    """Facts that may have opened something before."""
    if stretch.late:
        for fact in stretch.facts:
            if stretch.since_ms <= fact.occurred_ms <= stretch.until_ms and may_open_session(fact):
                yield fact
