"""Makes days of `steps` of journeys' tables, each whole: a stop at any moment leaves the old day or the new one."""

from collections.abc import Sequence

import pyarrow.compute as pc

from optiq.journeys.lake import PEOPLE
from optiq.kernel.table import Put, put_one
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_schema
from optiq.reports import keys
from optiq.reports.lake import STEPS
from optiq.reports.runs import Job
from optiq.reports.steps.day_sql import SOURCES, day_of_steps
from optiq.reports.steps.planning import Planned, changed_days
from optiq.reports.steps.records import StepsDayRecord

_NAME = "steps"
_READ = ("site_id", "customer_id", "t", "event_id")


def make_day(organization_id: str, planned: Planned) -> int:
    """Makes one day anew; 1. Raises UpstreamError."""
    lake, query, day = wiring.lake(), wiring.query(), planned.day
    sql = day_of_steps(day, planned.declaring)
    rows = query.arrow(sql.sql, organization_id, arrow_schema(STEPS), sql.parameters)
    # Whoever reads a site finds its people together. A day that lost its rows has a file without any.
    order = pc.sort_indices(rows, [(name, "ascending") for name in _READ])
    written = lake.append(STEPS.name, organization_id, day, _NAME, rows.take(order))
    record = StepsDayRecord.at(organization_id, day)
    record.stamp, record.people, record.file = planned.stamp, planned.people, written
    record.damaged = set(_damaged(organization_id, day)) or None
    put_one(Put(record, None))
    return 1


def _damaged(organization_id: str, day: str) -> Sequence[str]:
    found = wiring.query().damaged_files(organization_id, [table.name for table in (*SOURCES, PEOPLE)])
    return [file.path for file in found if file.day == day or file.table == PEOPLE.name]


STEPS_JOB = Job(
    "days of steps",
    keys.steps_state,
    lambda organization_id, sites, every: changed_days(wiring.lake(), organization_id, sites, linked=every),
    make_day,
)
