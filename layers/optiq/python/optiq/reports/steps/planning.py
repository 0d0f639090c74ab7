"""Which days of `steps` have to be made: those of which something changed since they were made.

What a day is made of is a stamp: the files that lie in the lake for it, what sites declare, and the columns. It is
taken before they are read and kept with the stamp of the file that was written: what comes in between is seen the next
time, and so is a file that an older run wrote over a newer one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from optiq.journeys.lake import PEOPLE, SESSIONS, TOUCHES
from optiq.kernel.clock import parse_day
from optiq.ports.lake import Lake, files_by_day
from optiq.ports.query import stamp_of
from optiq.reports.declared import stamp_of_declared
from optiq.reports.kept import kept_of
from optiq.reports.lake import STEPS
from optiq.reports.steps.day_sql import SOURCES
from optiq.reports.steps.records import StepsDayRecord, known_days
from optiq.tenancy.contracts import Site

LINKED_DAYS = 7
"""A link made so many days after a day makes it anew; a later one only says whose the day's rows are."""
_ACROSS_MIDNIGHT = (SESSIONS.name, TOUCHES.name)
"""An event may belong to a visit of the day before."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A UTC day to make, and what it will be made of; `declaring` are the sites that declare properties."""

    day: str
    stamp: str
    people: str
    declaring: tuple[Site, ...] = ()


def changed_days(lake: Lake, organization_id: str, sites: Sequence[Site], *, linked: bool) -> list[Planned]:
    """
    Args:
        sites: all of the organization; what they declare is part of a day.
        linked: looks for days too of which nothing changed but whose customers are whose.

    Raises:
        UpstreamError: the lake does not answer.
    """
    known = {record.day: record for record in known_days(organization_id)}
    made = {file.day: file.stamp for file in lake.files(STEPS.name, organization_id)}
    return [
        planned
        for planned in _days(lake, organization_id, sites)
        if not _is_made(planned, known.get(planned.day), made.get(planned.day, ""), linked=linked)
    ]


def _is_made(planned: Planned, record: StepsDayRecord | None, file: str, *, linked: bool) -> bool:
    if record is None or record.stamp != planned.stamp or record.file != file:
        return False
    return not linked or record.people == planned.people


def _days(lake: Lake, organization_id: str, sites: Sequence[Site]) -> Iterator[Planned]:
    """Every day that has rows, or had some, the newest first: that one is asked for most."""
    sources = {table.name: files_by_day(lake, table, organization_id) for table in SOURCES}
    people = files_by_day(lake, PEOPLE, organization_id)
    declaring = tuple(site for site in sites if site.custom_dimensions)
    declared = stamp_of_declared(declaring)
    days = {day for files in sources.values() for day in files} | {record.day for record in known_days(organization_id)}
    first = kept_of(organization_id).day
    for day in sorted((day for day in days if day >= first), reverse=True):
        before = _moved(day, -1)
        seen = [
            (name, files.get(day, []), files.get(before, []) if name in _ACROSS_MIDNIGHT else [])
            for name, files in sources.items()
        ]
        last = _moved(day, LINKED_DAYS)
        links = [(of_day, files) for of_day, files in people.items() if day <= of_day <= last]
        yield Planned(day, stamp_of((seen, declared, tuple(STEPS.columns))), stamp_of(links), declaring)


def _moved(day: str, days: int) -> str:
    return (parse_day(day) + timedelta(days=days)).isoformat()
