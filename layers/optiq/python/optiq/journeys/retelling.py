"""The sessions and touches of a person that a change may have altered, and no others: rows to write to the lake again.

An event alters the visit it falls in and those after it up to a pause (visits.py). What a fact opened before and opens
no more gets a row that is marked as deleted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from optiq.journeys.customers.customer import Person
from optiq.journeys.customers.table import Customers
from optiq.journeys.history import Fact
from optiq.journeys.journey import History, derive, in_order, touch_id_of
from optiq.journeys.lake_rows import Row, retired_session_row, retired_touch_row, session_row, touch_row
from optiq.journeys.recording import Change
from optiq.journeys.sessions import is_first_contact, may_open_session, session_id_of
from optiq.journeys.visits import PAUSE_MS, newly_crowded, pause_after, settled_from
from optiq.kernel.clock import DAY_MS
from optiq.kernel.events import EventAccepted
from optiq.tenancy.contracts import Site

MAX_RETOLD_FACTS = 5_000
"""When identifiers are linked or parted, so many of each one's latest events are looked at again. Visits from before
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


def retell(site: Site, change: Change, customers: Customers) -> Retold:
    """Sessions and touches that may differ from those written before, and rows that delete those that ended."""
    person = change.person
    stretches = [_everything(site, person, customers)] if change.linked else list(_around(site, change, customers))
    return Retold(
        sessions=[row for stretch in stretches for row in _session_rows(stretch, site, person)],
        touches=[row for stretch in stretches for row in _touch_rows(stretch, site, person)],
        altered_ms=min((stretch.altered_ms for stretch in stretches), default=None),
        of_days=any(stretch.of_days for stretch in stretches),
    )


def _everything(site: Site, person: Person, customers: Customers) -> _Stretch:
    """The latest of a person's history, for a person who has gained or lost identifiers."""
    last_day = max((c.sealed[1] for c in person.customers if c.sealed), default=0)
    first_day = customers.load_back(person, last_day, 0, MAX_RETOLD_FACTS)
    facts = in_order(person.facts(first_day))
    since_ms = settled_from([fact.occurred_ms for fact in facts], first_day) if first_day else 0
    until_ms = facts[-1].occurred_ms if facts else 0
    return _Stretch(facts, derive(facts, site, person.first_ms), since_ms, until_ms, since_ms, late=True)


def _around(site: Site, change: Change, customers: Customers) -> Iterator[_Stretch]:
    """The visits around the events of a batch, a stretch for each run of days."""
    person = change.person
    events = change.stored
    if change.beyond:
        events = [event for event in events if event.receipt not in change.beyond]
    receipts = {event.receipt for event in events}
    days: dict[int, list[int]] = {}
    for event in events:
        days.setdefault(event.occurred_ms // DAY_MS, []).append(event.occurred_ms)
    if (once_first := _once_first(events, person, customers)) is not None:
        days.setdefault(once_first // DAY_MS, []).append(once_first)
    for first_day, last_day in _runs(sorted(days)):
        customers.load_days([(person, first_day - 1, last_day + 1)])
        facts = in_order(person.facts(first_day - 1, last_day + 1))
        instants = [at_ms for day, of_day in days.items() if first_day <= day <= last_day for at_ms in of_day]
        since_ms, until_ms = _reach(facts, instants, events)
        altered_ms = min(instants)
        late = any(fact.occurred_ms >= altered_ms and fact.receipt not in receipts for fact in facts)
        newly = any(newly_crowded(day, facts, receipts) for day in range(first_day, last_day + 1))
        if newly:
            since_ms, until_ms, late = (first_day - 1) * DAY_MS, (last_day + 2) * DAY_MS, True
            altered_ms = since_ms
        history = derive(facts, site, person.first_ms)
        if newly or not history.crowded.issuperset(range(first_day, last_day + 1)):
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
    session of the day before, perhaps."""
    by_server = any(event.from_server and event.kind == "TRACK" for event in events)
    since_ms = min(instants) - (DAY_MS if by_server else PAUSE_MS)
    return since_ms, pause_after([fact.occurred_ms for fact in facts], max(instants))


def _once_first(events: Sequence[EventAccepted], person: Person, customers: Customers) -> int | None:
    """What was the person's earliest sight on the site before this batch; None where the batch brought none earlier.

    Whether a visit from the site itself is the first of a person decides if it makes a touch.
    """
    receipts = {event.receipt for event in events}
    all_new = len(events) == sum(len(c.by_event_id) if c.sealed is None else len(events) + 1 for c in person.customers)
    if all_new or not any(event.occurred_ms == person.first_ms for event in events):
        return None
    return customers.earliest(person, lambda fact: fact.receipt not in receipts and is_first_contact(fact))


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
