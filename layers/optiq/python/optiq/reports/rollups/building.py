"""Rolls days of a site up, each written whole: the same day again gives the same items, and replays are harmless."""

from collections.abc import Iterable, Iterator, Sequence

from optiq.ads.lake import AD_METRICS
from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import SESSIONS, TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.keys import Key
from optiq.kernel.table import Put, put_each
from optiq.ports import wiring
from optiq.rates.lake import RATES
from optiq.reports import keys
from optiq.reports.missing import damaged_files
from optiq.reports.rollups.counting import DayCounts, count_days
from optiq.reports.rollups.parts import ADS
from optiq.reports.rollups.planning import Planned, changed_days
from optiq.reports.rollups.records import HOURS, RollupDayRecord, known_days, packed
from optiq.reports.runs import Job
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site


def roll_up(organization_id: str, planned: Planned) -> int:
    """Rolls the days up anew; how many. Raises UpstreamError."""
    site_id, days = planned.site.site_id, planned.days
    counted = count_days(organization_id, site_id, planned.currency, days)
    damaged = _damaged(organization_id, planned)
    before = {record.day: record.parts or set() for record in known_days(organization_id, site_id)}
    written: list[RollupDayRecord] = []
    puts: list[Put] = []
    for day, stamp in planned.stamps.items():
        parts = {part for part, counts in counted.items() if day in counts.days}
        for part in sorted(parts | before.get(day, set())):
            puts += _puts(organization_id, site_id, day, counted.get(part) or DayCounts(part))
        record = RollupDayRecord(*keys.rollup_day(organization_id, site_id, day), stamp=stamp)
        record.parts, record.damaged = parts or None, set(damaged) or None
        written.append(record)
    put_each(puts)
    # The stamps last: what a stop left half written is written again.
    put_each([Put(record, None) for record in written])
    return len(written)


def _puts(organization_id: str, site_id: str, day: str, counts: DayCounts) -> Iterator[Put]:
    def key(part: str) -> Key:
        return keys.rollup(organization_id, site_id, part, day)

    part = counts.part
    yield Put(packed(key(part), counts.days[day].sections), None)
    if part != ADS:
        hours = {hour: count.sections for hour, count in counts.hours[day].items()}
        yield Put(packed(key(f"{part}#{HOURS}"), hours), None)


def _damaged(organization_id: str, planned: Planned) -> Sequence[str]:
    first, last = planned.days.utc_days
    until = max(last, planned.days.last.isoformat())
    read = {SESSIONS.name: ("", last), TOUCHES.name: (first, last), CREDITS.name: ("", last)}
    read |= {AD_METRICS.name: (first, until), RATES.name: planned.days.rate_days}
    return damaged_files(organization_id, read)


def _changed(organization_id: str, _every: bool) -> Iterable[Planned]:
    currency = tenancy.get_organization(organization_id).currency
    return changed_days(wiring.lake(), organization_id, list(_sites(organization_id)), currency)


def _sites(organization_id: str) -> Iterator[Site]:
    cursor = None
    while True:
        page = tenancy.list_sites(Caller.system(organization_id), cursor=cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return


ROLLUPS_JOB = Job("rollups", keys.rollups_state, _changed, roll_up)
