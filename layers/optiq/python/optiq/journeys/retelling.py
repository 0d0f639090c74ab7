"""The sessions and touches of a person that a change may have altered, and no others: rows to write to the lake again.

An event alters the visit it falls in and those after it up to a pause (visits.py). What a fact opened before and opens
no more gets a row that is marked as deleted.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from optiq.journeys import visits
from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.moves import Moves
from optiq.journeys.customers.person import Person, counts_of, first_ms_of
from optiq.journeys.customers.table import Customers
from optiq.journeys.history import Fact
from optiq.journeys.journey import History, derive, in_order, touch_id_of
from optiq.journeys.lake_rows import Row, retired_session_row, retired_touch_row, session_row, touch_row
from optiq.journeys.recording import Change, named
from optiq.journeys.sessions import is_first_contact, may_open_session, session_id_of
from optiq.journeys.visits import (
    PAUSE_MS,
    newly_crowded,
    pause_after,
    settled_from,
    too_many,
)
from optiq.kernel.clock import DAY_MS
from optiq.kernel.events import EventAccepted
from optiq.tenancy.contracts import Site

MAX_RETOLD_FACTS = 2_000
"""When identifiers are linked or parted, so many of the person's latest events are looked at again. Visits from before
them keep the name of the person they were written with."""


@dataclass(frozen=True, slots=True)
class Retold:
    """Rows for the lake, and from when on conversions may have other touches before them; None where none may.

    `of_days`: whole days lost their visits, which happens to a day once.
    """

    sessions: list[Row]
    touches: list[Row]
    altered_ms: int | None
    of_days: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a history to write again: visits that begin or go on from `since_ms` to `until_ms`.

    Attributes:
        altered_ms: the earliest thing that is new in it.
        days: the UTC days that are written again whole.
        late: events of a later time were known already, so sessions and touches may have ended with this change.
        of_days: some of its days are left out from now on.
    """

    facts: Sequence[Fact]
    history: History
    since_ms: int
    until_ms: int
    altered_ms: int
    late: bool
    of_days: bool = False
    days: range = range(0)


def retell(site: Site, change: Change, customers: Customers) -> Retold:
    """Sessions and touches that may differ from those written before, and rows that delete those that ended."""
    person = change.person
    stretches = list(_moved(site, change, customers)) if change.moves else []
    stretches += _around(site, change, customers, {day for stretch in stretches for day in stretch.days})
    return Retold(
        sessions=[row for stretch in stretches for row in _session_rows(stretch, site, person)],
        touches=[row for stretch in stretches for row in _touch_rows(stretch, site, person)],
        altered_ms=min((stretch.altered_ms for stretch in stretches), default=None),
        of_days=any(stretch.of_days for stretch in stretches),
    )


def _moved(site: Site, change: Change, customers: Customers) -> Iterator[_Stretch]:
    """The latest days on which a person differs who has gained or lost identifiers, a stretch for each run of days."""
    person = change.person
    parts = _parts(person)
    for first_day, last_day in _runs(_latest(person, change.moves, parts)):
        before, after = first_day - 1, last_day + 1
        crowded = person.crowded_among(range(before, after + 1))
        facts = in_order(customers.facts_between(person, before, after))
        history = derive(facts, site, person.first_ms, crowded)
        times = [fact.occurred_ms for fact in facts]
        since_ms = min(settled_from(times, before), first_day * DAY_MS)
        until_ms = pause_after(times, after * DAY_MS - 1)
        # Of days that were not crowded before, visits were written.
        once = {
            fact.event_id: fact
            for day in crowded.intersection(range(first_day, last_day + 1))
            for part in parts
            if not too_many(_count_on(part, day))
            for fact in customers.facts_on(part, day)
        }
        yield _Stretch(
            (*once.values(), *facts), history, since_ms, until_ms, since_ms, late=True, days=range(first_day, after)
        )


def _parts(person: Person) -> list[list[Customer]]:
    """The person's customers by the names that they are written under."""
    parts: dict[str, list[Customer]] = {}
    for customer in person.customers:
        for written in customer.written:
            parts.setdefault(written.customer_id, []).append(customer)
    return list(parts.values())


def _count_on(customers: Iterable[Customer], day: int) -> int:
    return sum(customer.count_on(day) for customer in customers)


def _latest(person: Person, moves: Moves, parts: Sequence[Sequence[Customer]]) -> list[int]:
    """The latest days of those who came to a person or left it: so many as may be looked at, with the days beside them.

    Also the days on which the person was first seen, before and now, if these are two.
    """
    counts = person.counts()
    differing = set(counts_of(customer for customer, _ in moves.came)) | set(counts_of(moves.left))
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
        if not any(near in counts for near in around):
            continue
        days.append(day)
        if too_many(counts[day]):
            left -= sum(count for part in parts if not too_many(count := _count_on(part, day)))
        for near in around - looked_at:
            looked_at.add(near)
            left -= 0 if too_many(counts[near]) else counts[near]
    return sorted(days)


def _around(site: Site, change: Change, customers: Customers, written: Container[int]) -> Iterator[_Stretch]:
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
    if (once_first := _once_first(events, person, customers)) is not None:
        days.setdefault(once_first // DAY_MS, []).append(once_first)
    for first_day, last_day in _runs(sorted(day for day in days if day not in written)):
        run = range(first_day, last_day + 1)
        crowded = person.crowded_among(range(first_day - 1, last_day + 2))
        fresh = {day: sum(at_ms // DAY_MS == day for at_ms in new_ms) for day in crowded.intersection(run)}
        newly = any(not too_many(person.count_on(day) - new) for day, new in fresh.items())
        if crowded.issuperset(run) and not newly:
            continue
        most = visits.MAX_DAY_FACTS + (max(fresh.values()) if newly else 0)
        facts = in_order(customers.facts_between(person, first_day - 1, last_day + 1, most))
        instants = [at_ms for day, of_day in days.items() if first_day <= day <= last_day for at_ms in of_day]
        since_ms, until_ms = _reach(facts, instants, events)
        altered_ms = min(instants)
        late = any(fact.occurred_ms >= altered_ms and fact.receipt not in new for fact in facts)
        newly = newly or any(newly_crowded(day, facts, receipts) for day in run)
        if newly:
            since_ms, until_ms, late = (first_day - 1) * DAY_MS, (last_day + 2) * DAY_MS, True
            altered_ms = since_ms
        history = derive(facts, site, person.first_ms, crowded)
        if newly or not history.crowded.issuperset(run):
            yield _Stretch(facts, history, since_ms, until_ms, altered_ms, late, newly)


def _runs(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of days that follow one another closely enough to be looked at together."""
    first = last = None
    for day in days:
        if first is None or last is None:
            first = day
        elif day - last > 2:
            yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


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
    of_holders = [
        customers.earliest(c, lambda fact: fact.receipt not in receipts and is_first_contact(fact))
        for c in person.customers
        if c.customer_id in holders
    ]
    return min((at_ms for at_ms in (*of_others, *of_holders) if at_ms is not None), default=None)


def _session_rows(stretch: _Stretch, site: Site, person: Person) -> Iterator[Row]:
    standing = {
        session.session_id: session
        for session in stretch.history.sessions
        if session.ended_ms >= stretch.since_ms and session.started_ms <= stretch.until_ms
    }
    for session in standing.values():
        yield session_row(session, site, person.customer_id, person.revision)
    for fact in _candidates(stretch):
        if session_id_of(fact, site.site_id) not in standing:
            yield retired_session_row(fact, site, person.customer_id, person.revision)


def _touch_rows(stretch: _Stretch, site: Site, person: Person) -> Iterator[Row]:
    standing = {
        touch.touch_id: touch
        for touch in stretch.history.touches
        # One that follows a conversion within its instant is a millisecond later than its event.
        if stretch.since_ms <= touch.occurred_ms <= stretch.until_ms + 1
    }
    for touch in standing.values():
        yield touch_row(touch, site, person.customer_id, person.revision)
    for fact in _candidates(stretch):
        if touch_id_of(fact, site.site_id) not in standing:
            yield retired_touch_row(fact, site, person.customer_id, person.revision)


def _candidates(stretch: _Stretch) -> Iterator[Fact]:
    """Facts that may have opened something before."""
    if stretch.late:
        for fact in stretch.facts:
            if stretch.since_ms <= fact.occurred_ms <= stretch.until_ms and may_open_session(fact):
                yield fact
