"""The days of `steps`, made on schedules."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence

from optiq.collect.ingest import api as ingest
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, MINUTE_MS, Clock, day_of, parse_timezone, system_clock
from optiq.reports.steps.building import Made, make_days
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

__all__ = ["make_all_days", "make_recent_days"]


def make_recent_days(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Made:
    """Makes the days that changed, of organizations to which something came in since the last run."""
    return _make(stop, clock, every=False)


def make_all_days(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Made:
    """Makes every day that changed in any way."""
    return _make(stop, clock, every=True)


def _make(stop: Callable[[], bool], clock: Clock, *, every: bool) -> Made:
    sites: defaultdict[str, list[Site]] = defaultdict(list)
    for site in tenancy.all_sites():
        sites[site.organization_id].append(site)
    # Every run begins with another organization: one that runs out of time leaves none out for ever.
    names = sorted(sites)
    first = clock() // MINUTE_MS % len(names) if names else 0
    in_turn = [*names[first:], *names[:first]]
    return make_days(in_turn, lambda found: _traffic(sites[found], clock()), clock, every=every, stop=stop)


def _traffic(sites: Sequence[Site], now_ms: int) -> str:
    """Another text when anything came in."""
    counted = []
    for site in sorted(sites, key=lambda site: site.site_id):
        timezone = parse_timezone(site.timezone)
        first, last = (day_of(now_ms - ago * DAY_MS, timezone) for ago in (1, 0))
        caller = Caller.system(site.organization_id)
        counted.append((site.site_id, str(last), ingest.counts(caller, site.site_id, first=first, last=last)))
    return hashlib.blake2b(repr(counted).encode(), digest_size=16).hexdigest()
