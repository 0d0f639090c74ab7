"""What follows from a change, told to the lake, the table and the stream.

All of it is derived from committed histories and carries their revision, so telling it again is harmless;
and it is told again on every replay, so a crash between the commit and here loses nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from optiq.journeys.contracts import Conversion, Grade
from optiq.journeys.customers import Person
from optiq.journeys.goals import CORRECTIONS, conversion_of, name_of_conversion
from optiq.journeys.history import Fact
from optiq.journeys.journey import History, derive, touch_id_of
from optiq.journeys.lake_rows import (
    Row,
    conversion_row,
    event_row,
    retired_session_row,
    retired_touch_row,
    session_row,
    touch_row,
)
from optiq.journeys.recording import Change
from optiq.journeys.records import ConversionRecord
from optiq.journeys.sessions import SESSION_GAP_MS, may_open_session, session_id_of
from optiq.kernel.clock import utc_day
from optiq.kernel.events import ConversionRecorded, encode
from optiq.kernel.lake_tables import CONVERSIONS, EVENTS, SESSIONS, TOUCHES, LakeTable
from optiq.kernel.table import Put, put_each
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.ports.stream import Record
from optiq.tenancy.contracts import Site

_FILES_AT_ONCE = 8


def publish(site: Site, changes: Sequence[Change]) -> None:
    """Tells what a batch changed.

    Raises:
        UpstreamError: not all was told; tell it again.
    """
    events: list[Row] = []
    sessions: list[Row] = []
    touches: list[Row] = []
    conversions: dict[Conversion, Grade] = {}
    for change in changes:
        facts = change.person.facts()
        history = derive(facts, site)
        since_ms, everything = _affected_since(change, facts)
        corrected = {event.order_id for event in change.stored if event.name in CORRECTIONS and event.order_id}
        candidates = [f for f in facts if f.occurred_ms >= since_ms and may_open_session(f)] if everything else []
        events += [event_row(event, change.person.customer_id) for event in change.stored]
        sessions += _session_rows(history, since_ms, candidates, site, change.person)
        touches += _touch_rows(history, since_ms, candidates, site, change.person)
        conversions |= {
            conversion_of(goal, site, change.person.customer_id, change.person.revision): goal.evidence
            for goal in history.goals
            if goal.occurred_ms >= since_ms
            or not corrected.isdisjoint((goal.order_id, name_of_conversion(goal.conversion_id)))
        }
    _to_table(conversions)
    standing = [conversion_row(conversion, evidence) for conversion, evidence in conversions.items()]
    _to_lake(site, ((EVENTS, events), (SESSIONS, sessions), (TOUCHES, touches), (CONVERSIONS, standing)))
    _to_stream(conversions)


def _session_rows(
    history: History, since_ms: int, candidates: Sequence[Fact], site: Site, person: Person
) -> Iterator[Row]:
    """Sessions that may have changed, and which of the candidates opens none (any more)."""
    standing = {session.session_id: session for session in history.sessions if session.ended_ms >= since_ms}
    for session in standing.values():
        yield session_row(session, site, person.customer_id, person.revision)
    for fact in candidates:
        if session_id_of(fact, site.site_id) not in standing:
            yield retired_session_row(fact, site, person.customer_id, person.revision)


def _touch_rows(
    history: History, since_ms: int, candidates: Sequence[Fact], site: Site, person: Person
) -> Iterator[Row]:
    """Touches that may have changed, and which of the candidates makes none (any more)."""
    standing = {touch.touch_id: touch for touch in history.touches if touch.occurred_ms >= since_ms}
    for touch in standing.values():
        yield touch_row(touch, site, person.customer_id, person.revision)
    for fact in candidates:
        if touch_id_of(fact, site.site_id) not in standing:
            yield retired_touch_row(fact, site, person.customer_id, person.revision)


def _affected_since(change: Change, facts: Sequence[Fact]) -> tuple[int, bool]:
    """From when on things may differ from what was told before, and whether any may be gone.

    An event changes nothing that happened before it but the session it falls in. Sessions and touches can only
    vanish when something was known of a later time already, or two histories became one.
    """
    if change.linked:
        return 0, True
    receipts = {event.receipt for event in change.stored}
    first_ms = min(event.occurred_ms for event in change.stored)
    late = any(fact.occurred_ms >= first_ms and fact.receipt not in receipts for fact in facts)
    return first_ms - SESSION_GAP_MS, late


def _to_table(conversions: Iterable[Conversion]) -> None:
    # A conversion that stands there at a higher revision was told by a later change: losing to it is right.
    put_each(
        [
            Put(ConversionRecord.of(c), ConversionRecord.pk.does_not_exist() | (ConversionRecord.revision < c.revision))
            for c in conversions
        ]
    )


def _to_stream(conversions: Iterable[Conversion]) -> None:
    messages = [
        ConversionRecorded(
            organization_id=c.organization_id,
            site_id=c.site_id,
            customer_id=c.customer_id,
            conversion_id=c.conversion_id,
            revision=c.revision,
        )
        for c in conversions
    ]
    if messages:
        wiring.stream().put([Record(f"{m.site_id}:{m.customer_id}", m.type, encode(m)) for m in messages])


def _to_lake(site: Site, told: Iterable[tuple[LakeTable, Sequence[Row]]]) -> None:
    """A file for each table and day; several at once, for each waits for a disk or a bucket."""
    files = [(table, day, of_day) for table, rows in told for day, of_day in _by_day(table, rows).items()]
    with ThreadPoolExecutor(max_workers=_FILES_AT_ONCE) as pool:
        # Going through the answers raises what any of them raised.
        for _ in pool.map(lambda file: _append(site, *file), files):
            pass


def _by_day(table: LakeTable, rows: Iterable[Row]) -> dict[str, list[Row]]:
    instant = "started_at" if table is SESSIONS else "occurred_at"
    by_day: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_day[utc_day(row[instant])].append(row)
    return by_day


def _append(site: Site, table: LakeTable, day: str, rows: Sequence[Row]) -> None:
    # A row's key and version say what it holds, so the same rows told again replace their own file.
    columns = (*table.key, *table.version)
    name = name_of("part", [[row[column] for column in columns] for row in rows])
    wiring.lake().append(table.name, site.organization_id, day, name, arrow_table(table, rows))
