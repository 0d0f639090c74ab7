"""The night's sweep: what has had its time is removed, one organization after another.

A run that is stopped is followed by another, which goes on after the organization that was swept last. Daily totals
are told where events begin before the first event is removed, so they stay as they were counted.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from optiq.audit import api as audit
from optiq.journeys import api as journeys
from optiq.journeys.lake import CONVERSIONS, EVENTS
from optiq.kernel.clock import DAY_MS, Clock, days_before, system_clock, utc_day
from optiq.kernel.lake_tables import DataClass, LakeTable
from optiq.kernel.manifest import lake_tables
from optiq.kernel.table import table_outages
from optiq.ports import wiring
from optiq.ports.lake import DamagedFileError, Lake, LakeFile
from optiq.reports.rollups import api as rollups
from optiq.retention import records
from optiq.retention.contracts import Retention, Swept
from optiq.retention.settings import retention_of
from optiq.tenancy import api as tenancy

Stop = Callable[[], bool]
_LOG = logging.getLogger(__name__)
_NAMED_BY = {EVENTS.name: "customer_id", CONVERSIONS.name: "conversion_id"}
"""The tables of which the items in the table go as well, with the column that names them."""


def sweep(*, stop: Stop, clock: Clock = system_clock) -> Swept:
    """Sweeps every organization once a UTC day; a run after that finds nothing to do.

    Args:
        stop: tells that nothing may be begun any more.

    Raises:
        UpstreamError: the table or the lake does not answer; the next run goes on.
    """
    now_ms, done = clock(), Swept()
    today = utc_day(now_ms)
    with table_outages():
        state = records.sweep_of(today)
        if state.finished == today:
            return replace(done, finished=True)
        for organization_id in sorted(tenancy.organization_ids()):
            if organization_id <= state.after:
                continue
            if stop():
                return done
            files, entries = sweep_organization(organization_id, now_ms, stop)
            done = Swept(done.organizations + 1, done.files + files, done.entries + entries)
            state.after = organization_id
            records.keep(state)
        state.finished = today
        records.keep(state)
    return replace(done, finished=True)


def sweep_organization(organization_id: str, now_ms: int, stop: Stop) -> tuple[int, int]:
    """Returns how many files and entries were removed; what a stop leaves over goes in the next night."""
    kept = retention_of(organization_id)
    files = 0
    for data, days in _days(kept).items():
        first = days_before(utc_day(now_ms), days)
        tables = [table for table in lake_tables().values() if table.data == data and not table.shared]
        if data == "EVENTS" and _has_before(organization_id, tables, first):
            # A day of a site that is ahead of UTC begins on the UTC day before.
            rollups.keep_totals_before(organization_id, days_before(first, -1))
        files += sum(_removed(organization_id, table, first, stop) for table in tables)
    entries = 0
    while not stop() and (removed := audit.trim(organization_id, now_ms - kept.audit_days * DAY_MS)):
        entries += removed
    return files, entries


def _days(kept: Retention) -> dict[DataClass, int]:
    """By class of the lake's tables."""
    return {"EVENTS": kept.events_days, "ADS": kept.ads_days, "ERRORS": kept.errors_days}


def _has_before(organization_id: str, tables: list[LakeTable], first: str) -> bool:
    lake, last = wiring.lake(), days_before(first, 1)
    return any(True for table in tables for _ in lake.files(table.name, organization_id, "", last))


def _forget(lake: Lake, file: LakeFile, first: str) -> None:
    """Takes out of the table what the rows of a file are of. One that cannot be read says nothing of it."""
    try:
        rows = lake.read(file)
    except DamagedFileError:
        _LOG.exception("what a damaged file is of stays in the table")
        return
    if rows is None:
        return
    named = rows.select(["site_id", _NAMED_BY[file.table]]).to_pydict().values()
    of_sites: defaultdict[str, set[str]] = defaultdict(set)
    for site_id, one in zip(*named, strict=True):
        of_sites[site_id].add(one)
    for site_id, ids in of_sites.items():
        if file.table == EVENTS.name:
            journeys.forget_facts(file.organization_id, site_id, ids, first)
        else:
            journeys.forget_conversions(file.organization_id, site_id, ids)


def _removed(organization_id: str, table: LakeTable, first: str, stop: Stop) -> int:
    """Removes the files of days before the first one that is kept."""
    lake, removed = wiring.lake(), 0
    for file in lake.files(table.name, organization_id, "", days_before(first, 1)):
        if stop():
            break
        if table.name in _NAMED_BY:
            _forget(lake, file, first)
        lake.remove(file)
        removed += 1
    return removed
