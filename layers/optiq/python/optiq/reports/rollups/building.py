"""Rolls days of sites up, each written whole: the same day again gives the same items, and replays are harmless."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from optiq.ads.lake import AD_DAILY, AD_METRICS
from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import SESSIONS, TOUCHES
from optiq.kernel.clock import system_clock
from optiq.kernel.table import Put, put_each
from optiq.ports import wiring
from optiq.rates.lake import RATES
from optiq.reports import keys
from optiq.reports.costs.accounts import costs_of_sites
from optiq.reports.missing import damaged_files
from optiq.reports.rollups.counting import SiteDay, count_days
from optiq.reports.rollups.parts import ADS
from optiq.reports.rollups.planning import Planned, changed_days
from optiq.reports.rollups.records import HOURS, Figures, FiguresRecord, RollupDayRecord, known_figures, packed
from optiq.reports.runs import Job
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site


def roll_up(organization_id: str, planned: Planned) -> int:
    """Rolls the days up anew; how many. Only figures that changed are written. Raises UpstreamError."""
    counted = count_days(organization_id, planned)
    damaged = set(_damaged(organization_id, planned)) or None
    known = known_figures(organization_id, planned.stamps)
    forgotten: list[Put] = []
    items: list[Put] = []
    figures: list[Put] = []
    stamps: list[Put] = []
    for day, stamp in planned.stamps.items():
        found, before = counted.get(day, {}), known.get(day, {})
        after: Figures = {site_id: (one.digest, one.parts) for site_id, one in found.items()}
        changed = [one for one in sorted(planned.site_ids) if before.get(one) != after.get(one)]
        if changed:
            kept = {site_id: one for site_id, one in before.items() if site_id not in changed}
            key = keys.rollup_figures(organization_id, day)
            forgotten.append(Put(FiguresRecord.of(key, kept), None))
            figures.append(
                Put(FiguresRecord.of(key, kept | {one: after[one] for one in changed if one in after}), None)
            )
            for site_id in changed:
                parts_before = before.get(site_id, ("", ()))[1]
                items += _puts(organization_id, site_id, day, found.get(site_id) or SiteDay(()), parts_before)
        record = RollupDayRecord.at(organization_id, day, str(planned.days.timezone))
        record.stamp, record.damaged = stamp, damaged
        stamps.append(Put(record, None))
    # What a stop left half written is written again: its figures are forgotten before, and its stamp comes last.
    for puts in (forgotten, items, figures, stamps):
        put_each(puts)
    return len(stamps)


def _puts(organization_id: str, site_id: str, day: str, found: SiteDay, parts_before: Iterable[str]) -> Iterator[Put]:
    for part in sorted({*found.parts, *parts_before}):
        yield Put(packed(keys.rollup(organization_id, site_id, part, day), found.whole(part)), None)
        if part != ADS:
            key = keys.rollup(organization_id, site_id, f"{part}#{HOURS}", day)
            yield Put(packed(key, found.by_hour(part)), None)


def _damaged(organization_id: str, planned: Planned) -> Sequence[str]:
    first, last = planned.days.utc_days
    until = max(last, planned.days.last.isoformat())
    read: Mapping[str, tuple[str, str]] = {
        SESSIONS.name: ("", last),
        TOUCHES.name: (first, last),
        CREDITS.name: ("", last),
        AD_METRICS.name: (first, until),
        **({AD_DAILY.name: (first, until)} if planned.costs.owners else {}),
        RATES.name: planned.days.rate_days,
    }
    return damaged_files(organization_id, read)


def _changed(organization_id: str, sites: Sequence[Site], _every: bool) -> Iterable[Planned]:
    currency = tenancy.get_organization(organization_id).currency
    costs = costs_of_sites(organization_id, [site.site_id for site in sites], system_clock())
    return changed_days(wiring.lake(), organization_id, sites, currency, costs)


ROLLUPS_JOB = Job("rollups", keys.rollups_state, _changed, roll_up)
