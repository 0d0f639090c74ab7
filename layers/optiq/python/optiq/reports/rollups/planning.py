"""Which days have to be rolled up: those of which something changed since they were.

A day is made of the files that lie in the lake for it, of the visits and conversions of all days before (they tell who
is new), of the sites with their clock, and of the currency of reports. The lake's files are of all sites of an
organization, so all sites of one timezone are counted together.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from optiq.ads.lake import AD_DAILY, AD_HOURLY, AD_METRICS
from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import SESSIONS, TOUCHES
from optiq.kernel.clock import day_of, days_before, parse_day, parse_timezone
from optiq.kernel.lake_tables import PLATFORM
from optiq.ports.lake import Files, Lake, files_by_day
from optiq.ports.query import stamp_of
from optiq.rates.lake import RATES
from optiq.reports.costs.accounts import NONE, Costs
from optiq.reports.domain import DayRange
from optiq.reports.kept import Fold, Kept, kept_of
from optiq.reports.rollups.records import known_days
from optiq.tenancy.contracts import Site

_FORM = 2
"""Grows when the same files give other rollups."""
MOST_DAYS, _MOST_SITE_DAYS = 31, 1_000
"""Days rolled up by one statement: fewer of many sites, whose rows are in memory together."""
_OF_INSTANTS = (SESSIONS, TOUCHES, CREDITS)
_EVER = (SESSIONS, CREDITS)
_CONNECTED = (AD_DAILY, AD_HOURLY)


@dataclass(frozen=True, slots=True)
class Planned:
    """Days of sites to roll up, by the stamps of what they will be made of. They lie within `days`.

    Attributes:
        site_ids: those of one timezone. all_sites: the organization has no others.
    """

    site_ids: frozenset[str]
    all_sites: bool
    currency: str
    days: DayRange
    stamps: Mapping[str, str]
    costs: Costs


def changed_days(
    lake: Lake, organization_id: str, sites: Sequence[Site], currency: str, costs: Costs = NONE
) -> Iterator[Planned]:
    """The newest first of each timezone. Raises UpstreamError: the lake does not answer."""
    costs = costs.whenever_read
    read = (*_OF_INSTANTS, AD_METRICS, *(_CONNECTED if costs.owners else ()))
    tables = {table.name: files_by_day(lake, table, organization_id) for table in read}
    tables[RATES.name] = files_by_day(lake, RATES, PLATFORM)
    of_timezones: defaultdict[str, set[str]] = defaultdict(set)
    for site in sites:
        of_timezones[site.timezone].add(site.site_id)
    known = {(record.timezone, record.day): record.stamp for record in known_days(organization_id)}
    days, kept = {day for _, day in known}, kept_of(organization_id)
    for timezone, site_ids in sorted(of_timezones.items()):
        zone = parse_timezone(timezone)
        of_sites = (timezone, sorted(site_ids), currency, *([costs] if costs.owners else []))
        found = _stamps(tables, zone, of_sites, days, kept)
        changed = sorted(day for day, stamp in found.items() if known.get((timezone, day)) != stamp)
        most = max(1, min(MOST_DAYS, _MOST_SITE_DAYS // len(site_ids)))
        for stretch in _together(zone, changed, most):
            stamps = {day: found[day] for day in changed if stretch.first <= parse_day(day) <= stretch.last}
            yield Planned(frozenset(site_ids), len(of_timezones) == 1, currency, stretch, stamps, costs)


def fold_before(lake: Lake, organization_id: str, sites: Sequence[Site], first: str) -> dict[str, Fold]:
    """By timezone, what comes before the first day that keeps its events. Raises UpstreamError."""
    tables = {table.name: files_by_day(lake, table, organization_id) for table in (*_OF_INSTANTS, AD_METRICS)}
    known = {record.day for record in known_days(organization_id)}
    kept, found = kept_of(organization_id), {}
    for timezone in sorted({site.timezone for site in sites}):
        days = _days(tables, parse_timezone(timezone), known)
        fold = kept.folds.get(timezone, Fold())
        for day in (day for day in days if kept.day <= day < first):
            fold = _folded(tables, DayRange(parse_day(day), parse_day(day), parse_timezone(timezone)), fold)
        found[timezone] = fold
    return found


def _days(tables: Mapping[str, Files], timezone: ZoneInfo, known: set[str]) -> list[str]:
    """Every day of the sites that may have rows, or had some."""
    utc_days = {day for name, files in tables.items() if name != RATES.name for day in files}
    return sorted({near for day in utc_days for near in _days_of(day, timezone)} | known)


def _folded(tables: Mapping[str, Files], of_day: DayRange, fold: Fold) -> Fold:
    """What came before, folded day by day: a list of all files for every day would grow with its square."""
    last = of_day.utc_days[1]
    older = [
        (table.name, each, files)
        for table in _EVER
        for each, files in sorted(tables[table.name].items())
        if fold.until < each <= last
    ]
    return Fold(stamp_of((fold.stamp, older)) if older else fold.stamp, last)


def _stamps(
    tables: Mapping[str, Files], timezone: ZoneInfo, of_sites: object, known: set[str], kept: Kept
) -> dict[str, str]:
    """By day of the sites that keeps its events: every one that may have rows, or had some."""
    stamps, fold = {}, kept.folds.get(str(timezone), Fold())
    for day in (day for day in _days(tables, timezone, known) if day >= kept.day):
        of_day = DayRange(parse_day(day), parse_day(day), timezone)
        first, last = of_day.utc_days
        near = (days_before(day, 1), day, days_before(day, -1))  # Accounts may have other clocks.
        fold = _folded(tables, of_day, fold)
        made_of = [
            *((table.name, tables[table.name].get(each, [])) for table in _OF_INSTANTS for each in (first, last)),
            tables[AD_METRICS.name].get(day, []),
            *(tables[table.name].get(each, []) for table in _CONNECTED if table.name in tables for each in near),
            [(each, files) for each, files in tables[RATES.name].items() if of_day.rate_days[0] <= each <= day],
        ]
        stamps[day] = stamp_of((_FORM, of_sites, fold.stamp, made_of))
    return stamps


def _days_of(utc_day: str, timezone: ZoneInfo) -> tuple[str, str]:
    """The days of the site that a UTC day touches."""
    utc = ZoneInfo("UTC")
    start, end = DayRange(parse_day(utc_day), parse_day(utc_day), utc).bounds_ms
    first, last = (day_of(instant, timezone).isoformat() for instant in (start, end - 1))
    return first, last


def _together(timezone: ZoneInfo, changed: Sequence[str], most: int) -> Iterator[DayRange]:
    """Stretches of so many days at most that hold all changed days."""
    left = list(changed)
    while left:
        last = parse_day(left[-1])
        taken = [day for day in left if (last - parse_day(day)).days < most]
        left = left[: -len(taken)]
        yield DayRange(parse_day(taken[0]), last, timezone)
