"""Makes days of `steps` of journeys' tables, each whole: a stop at any moment leaves the old day or the new one."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from optiq.journeys.lake import PEOPLE
from optiq.kernel.clock import MINUTE_MS, Clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.table import Put, Update, put_one, table_outages, update_if
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_schema
from optiq.reports.lake import STEPS
from optiq.reports.steps.day_sql import SOURCES, day_of_steps
from optiq.reports.steps.planning import Planned, changed_days
from optiq.reports.steps.records import StepsDayRecord, StepsStateRecord

_LOG = logging.getLogger(__name__)
_NAME = "steps"
_BUSY_MS = 5 * MINUTE_MS
"""A run that died leaves an organization to the next after so long at most."""
_READ = ("site_id", "customer_id", "t", "event_id")


@dataclass(frozen=True, slots=True)
class Made:
    """What a run did: days made, and organizations that were left to the next run, for they failed or time was up."""

    days: int = 0
    left: int = 0


def make_days(
    organization_ids: Iterable[str],
    traffic_of: Callable[[str], str],
    clock: Clock,
    *,
    every: bool,
    stop: Callable[[], bool],
) -> Made:
    """Makes the days that changed. An organization that fails is left to the next run, and does not keep others.

    Args:
        traffic_of: tells, cheaply, whether anything came in since the last run.
        every: looks at every organization, and at days of which only the links between customers changed.
        stop: tells that no day may be begun any more.
    """
    days = left = 0
    for organization_id in organization_ids:
        try:
            with table_outages():
                made = _make(organization_id, traffic_of(organization_id), clock, every=every, stop=stop)
        except UpstreamError:
            _LOG.exception("days of steps were not made for %s", organization_id)
            left += 1
            continue
        days += made.days
        left += made.left
    return Made(days, left)


def _make(organization_id: str, traffic: str, clock: Clock, *, every: bool, stop: Callable[[], bool]) -> Made:
    record, now_ms = StepsStateRecord.at(organization_id), clock()
    known = _state(organization_id)
    if not every and traffic == known.traffic:
        update_if(Update(record, [StepsStateRecord.until_ms.set(now_ms)], StepsStateRecord.traffic == traffic))
        return Made()
    busy = StepsStateRecord.busy_until_ms
    free = busy.does_not_exist() | (busy < now_ms)
    if stop() or not update_if(Update(record, [busy.set(now_ms + _BUSY_MS)], free)):
        return Made(left=1)
    done = 0
    try:
        for planned in changed_days(wiring.lake(), organization_id, linked=every):
            if stop():
                return Made(done, 1)
            make_day(organization_id, planned)
            done += 1
            record.update(actions=[busy.set(clock() + _BUSY_MS)])
        # A day that changed since is of the next run: its files came with traffic that this one has not counted.
        record.update(actions=[StepsStateRecord.until_ms.set(now_ms), StepsStateRecord.traffic.set(traffic)])
    finally:
        record.update(actions=[busy.set(0)])
    return Made(done)


def _state(organization_id: str) -> StepsStateRecord:
    record = StepsStateRecord.at(organization_id)
    try:
        return StepsStateRecord.get(record.pk, record.sk)
    except StepsStateRecord.DoesNotExist:
        return record


def make_day(organization_id: str, planned: Planned) -> None:
    """Makes one day anew. Raises UpstreamError."""
    lake, query, day = wiring.lake(), wiring.query(), planned.day
    sql = day_of_steps(day)
    rows = query.arrow(sql.sql, organization_id, arrow_schema(STEPS), sql.parameters)
    # Whoever reads a site finds its people together. A day that lost its rows has a file without any.
    order = pc.sort_indices(rows, [(name, "ascending") for name in _READ])
    written = lake.append(STEPS.name, organization_id, day, _NAME, rows.take(order))
    record = StepsDayRecord.at(organization_id, day)
    record.stamp, record.people, record.file = planned.stamp, planned.people, written
    record.damaged = set(_damaged(organization_id, day)) or None
    put_one(Put(record, None))


def _damaged(organization_id: str, day: str) -> Sequence[str]:
    found = wiring.query().damaged_files(organization_id, [table.name for table in (*SOURCES, PEOPLE)])
    return [file.path for file in found if file.day == day or file.table == PEOPLE.name]
