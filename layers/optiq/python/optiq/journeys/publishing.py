"""What follows from a change, told to the lake, the table and the stream.

All of it is derived from committed histories and orders and carries their revision, so telling it again is harmless;
and it is told again on every replay, so a crash between the commit and here loses nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from optiq.journeys import standing
from optiq.journeys.contracts import Conversion
from optiq.journeys.lake import CONVERSIONS, EVENTS, PEOPLE, SESSIONS, TOUCHES
from optiq.journeys.lake_rows import Row, conversion_row, event_row, nobodys, people_rows
from optiq.journeys.recording import Recorded
from optiq.journeys.records import ConversionRecord
from optiq.journeys.retelling import retell
from optiq.kernel.clock import utc_day
from optiq.kernel.events import ConversionRecorded, encode
from optiq.kernel.lake_tables import LakeTable
from optiq.kernel.table import Put, put_each
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.ports.stream import Record
from optiq.tenancy.contracts import Site

_FILES_AT_ONCE = 8


def publish(site: Site, recorded: Recorded) -> None:
    """Tells what a batch changed.

    Raises:
        UpstreamError: not all was told; tell it again.
    """
    events: list[Row] = [event_row(nobodys(event), "", "OPTED_OUT") for event in recorded.opted_out]
    sessions: list[Row] = []
    touches: list[Row] = []
    later: dict[str, str] = {}
    for change in recorded.changes:
        name = change.person.customer_id
        events += [event_row(event, name, recorded.left_out.get(event.receipt, "")) for event in change.stored]
        retold = retell(site, change, recorded.customers)
        sessions += retold.sessions
        touches += retold.touches
        if retold.altered_ms is not None:
            later |= dict.fromkeys(standing.later_ids(change.person, retold.altered_ms, every=retold.of_days), name)
    known = (site, recorded.customers, recorded.orders)
    conversions = {one.conversion_id: one for one in standing.of_goals(recorded.goals, *known)}
    moved = [(change.person, change.moves.with_conversions(change.person)) for change in recorded.changes]
    conversions |= {one.conversion_id: one for one in standing.of_persons(moved, frozenset(conversions), *known)}
    people = [row for change in recorded.changes if change.moves for row in people_rows(change.person, site)]
    _to_table(conversions.values())
    rows = [conversion_row(conversion) for conversion in conversions.values()]
    _to_lake(site, ((EVENTS, events), (SESSIONS, sessions), (TOUCHES, touches), (PEOPLE, people), (CONVERSIONS, rows)))
    _to_stream(site, {c.conversion_id: c.customer_id for c in conversions.values()} | later)
    recorded.orders.settle()
    recorded.customers.note([one for change in recorded.changes for one in change.moves.came])


def _to_table(conversions: Iterable[Conversion]) -> None:
    # A conversion that stands there at a higher revision was told by a later change: losing to it is right.
    put_each(
        [
            Put(ConversionRecord.of(c), ConversionRecord.pk.does_not_exist() | (ConversionRecord.revision < c.revision))
            for c in conversions
        ]
    )


def _to_stream(site: Site, conversions: dict[str, str]) -> None:
    """Names conversions to be credited, each with its customer."""
    messages = [
        ConversionRecorded(
            organization_id=site.organization_id,
            site_id=site.site_id,
            customer_id=customer_id,
            conversion_id=conversion_id,
        )
        for conversion_id, customer_id in conversions.items()
    ]
    if messages:
        key = f"{site.site_id}:"
        records = [Record(f"{key}{m.customer_id}", m.type, encode(m), site.organization_id) for m in messages]
        wiring.stream().put(records)


def _to_lake(site: Site, told: Iterable[tuple[LakeTable, Sequence[Row]]]) -> None:
    """A file for each table and day; several at once, for each waits for a disk or a bucket."""
    files = [(table, day, of_day) for table, rows in told for day, of_day in _by_day(table, rows).items()]
    with ThreadPoolExecutor(max_workers=_FILES_AT_ONCE) as pool:
        # Going through the answers raises what any of them raised.
        for _ in pool.map(lambda file: _append(site, *file), files):
            pass


def _by_day(table: LakeTable, rows: Iterable[Row]) -> dict[str, list[Row]]:
    instant = {SESSIONS.name: "started_at", PEOPLE.name: "changed_at"}.get(table.name, "occurred_at")
    by_day: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_day[utc_day(row[instant])].append(row)
    return by_day


def _append(site: Site, table: LakeTable, day: str, rows: Sequence[Row]) -> None:
    # A row's key and version say what it holds, so the same rows told again replace their own file.
    columns = (*table.key, *table.version)
    name = name_of("part", [[row[column] for column in columns] for row in rows])
    wiring.lake().append(table.name, site.organization_id, day, name, arrow_table(table, rows))
