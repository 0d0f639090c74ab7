"""Runs that make anew what changed: an organization after another, each by one run at a time."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from optiq.collect.ingest import api as ingest
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, MINUTE_MS, Clock, day_of, parse_timezone
from optiq.kernel.errors import UpstreamError
from optiq.kernel.keys import Key
from optiq.kernel.table import Update, table_outages, update_if
from optiq.ports.query import stamp_of
from optiq.reports.declared import counted_with
from optiq.reports.records import RunStateRecord, run_state
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

_LOG = logging.getLogger(__name__)
_BUSY_MS = 5 * MINUTE_MS
"""A run that died leaves an organization to the next after so long at most."""
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Made:
    """What a run did: days made, and organizations that were left to the next run, for they failed or time was up."""

    days: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Job(Generic[P]):
    """What is made of an organization's lake.

    Attributes:
        name: completes "… were not made".
        state: the key of how far an organization is.
        changed: what has to be made of an organization with its sites, in the order to make it; `every` tells that a
            change of links alone counts too.
        make: makes one of them and returns how many days that was. Raises UpstreamError.
    """

    name: str
    state: Callable[[str], Key]
    changed: Callable[[str, Sequence[Site], bool], Iterable[P]]
    make: Callable[[str, P], int]


def run_job(
    job: Job[P],
    sites: Mapping[str, Sequence[Site]],
    traffic_of: Callable[[Sequence[Site]], str],
    clock: Clock,
    *,
    every: bool,
    stop: Callable[[], bool],
) -> Made:
    """Makes what changed. An organization that fails is left to the next run, and does not keep others.

    Args:
        sites: of each organization, in the order to take them.
        traffic_of: tells, cheaply, whether anything came in to sites since the last run.
        every: looks at every organization, and at what changed by links between customers alone.
        stop: tells that nothing may be begun any more.
    """
    days = left = 0
    for organization_id, own in sites.items():
        try:
            with table_outages():
                made = _run(job, organization_id, own, traffic_of(own), clock, every=every, stop=stop)
        except UpstreamError:
            _LOG.exception("%s were not made for %s", job.name, organization_id)
            left += 1
            continue
        days += made.days
        left += made.left
    return Made(days, left)


def run_for_all(job: Job[P], clock: Clock, *, every: bool, stop: Callable[[], bool]) -> Made:
    """`run_job` for every organization that has a site."""
    sites: defaultdict[str, list[Site]] = defaultdict(list)
    for site in tenancy.all_sites():
        sites[site.organization_id].append(site)
    # Every run begins with another organization: one that runs out of time leaves none out for ever.
    names = sorted(sites)
    first = clock() // MINUTE_MS % len(names) if names else 0
    in_turn = {name: sites[name] for name in (*names[first:], *names[:first])}
    return run_job(job, in_turn, lambda found: _traffic(found, clock()), clock, every=every, stop=stop)


def _traffic(sites: Sequence[Site], now_ms: int) -> str:
    """Another text when anything came in, or a site declares other properties."""
    counted = []
    for site in sorted(sites, key=lambda site: site.site_id):
        timezone = parse_timezone(site.timezone)
        first, last = (day_of(now_ms - ago * DAY_MS, timezone) for ago in (1, 0))
        caller = Caller.system(site.organization_id)
        came_in = ingest.counts(caller, site.site_id, first=first, last=last)
        counted.append((site.site_id, str(last), site.custom_dimensions, came_in))
    return stamp_of(counted)


def _run(
    job: Job[P],
    organization_id: str,
    sites: Sequence[Site],
    traffic: str,
    clock: Clock,
    *,
    every: bool,
    stop: Callable[[], bool],
) -> Made:
    key, now_ms = job.state(organization_id), clock()
    record, known = RunStateRecord(*key), run_state(key)
    if not every and traffic == known.traffic:
        update_if(Update(record, [RunStateRecord.until_ms.set(now_ms)], RunStateRecord.traffic == traffic))
        return Made()
    busy = RunStateRecord.busy_until_ms
    free = busy.does_not_exist() | (busy < now_ms)
    if stop() or not update_if(Update(record, [busy.set(now_ms + _BUSY_MS)], free)):
        return Made(left=1)
    done = 0
    try:
        for planned in job.changed(organization_id, sites, every):
            if stop():
                return Made(done, 1)
            done += job.make(organization_id, planned)
            record.update(actions=[busy.set(clock() + _BUSY_MS)])
        # A day that changed since is of the next run: its files came with traffic that this one has not counted.
        declared = {text for site in sites if (text := counted_with(site))}
        record.update(
            actions=[
                RunStateRecord.until_ms.set(now_ms),
                RunStateRecord.traffic.set(traffic),
                RunStateRecord.declared.set(declared) if declared else RunStateRecord.declared.remove(),
            ]
        )
    finally:
        record.update(actions=[busy.set(0)])
    return Made(done)
