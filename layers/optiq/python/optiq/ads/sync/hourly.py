"""Hours of an account whose sites go by another clock, so that its costs can count on the sites' days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.reader import Reader
from optiq.ads.keys import Account
from optiq.ads.lake import AD_HOURLY
from optiq.ads.platforms.registry import kinds
from optiq.ads.platforms.reported import ReportedHour
from optiq.ads.sync.snapshots import Part
from optiq.kernel.clock import SECOND_MS, parse_day, parse_timezone
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

REST = -1
"""The hour of what no hour tells."""
_MEASURES = ("impressions", "clicks", "spend_micros")


@dataclass(frozen=True, slots=True)
class HourRow:
    """An hour of a campaign, or REST of its day."""

    hour: int
    campaign_id: str
    kind: str
    remainder: str
    impressions: int
    clicks: int
    spend_micros: int


def is_needed(account: AdAccount) -> bool:
    """Whether a site of the account's costs has another timezone, and the platform tells hours."""
    site_ids = {account.site_id, *(one.site_id for one in account.campaign_sites)} - {""}
    if not kinds()[account.platform].capabilities.hours:
        return False
    sites = (tenancy.site_if_any(account.organization_id, site_id) for site_id in site_ids)
    return any(site is not None and site.timezone != account.timezone for site in sites)


def rows_of(reader: Reader, found: Mapping[str, Sequence[Part]]) -> dict[str, list[HourRow]]:
    """The hours of each day that was found, where they are needed. Raises as Reader."""
    if not found or not is_needed(reader.account):
        return {}
    told: dict[tuple[str, str], list[ReportedHour]] = defaultdict(list)
    for one in reader.hours(min(found), max(found)):
        told[one.day, one.campaign_id].append(one)
    return {day: _of_day(day, parts, told) for day, parts in found.items()}


def _of_day(day: str, parts: Iterable[Part], told: Mapping[tuple[str, str], Sequence[ReportedHour]]) -> list[HourRow]:
    """The hours of all campaigns. A day without anything has one row, so that it differs from one without hours."""
    found: list[HourRow] = []
    rows = [(part.remainder, row) for part in parts if part.level == "CAMPAIGN" for row in part.rows]
    for remainder, row in rows:
        own = () if remainder else told.get((day, row.campaign_id), ())
        names = (row.campaign_id, row.kind, remainder)
        hours = [HourRow(each.hour, *names, *(getattr(each, name) for name in _MEASURES)) for each in own]
        rest = [getattr(row, name) - sum(getattr(each, name) for each in hours) for name in _MEASURES]
        found += hours + ([HourRow(REST, *names, *rest)] if any(rest) else [])
    return found or [HourRow(REST, "", "", "", 0, 0, 0)]


def append(key: Account, timezone: str, currency: str, day: str, rows: Sequence[HourRow], revision: int) -> None:
    """Writes one version of an account's hours of a day to the lake."""
    from optiq.ports.lake_rows import arrow_table, name_of

    organization_id, platform, external_id = key
    of_all = {"platform": platform, "account": external_id, "currency": currency, "revision": revision}
    zone, date = parse_timezone(timezone), parse_day(day)
    lines: list[dict[str, object]] = []
    for one in rows:
        at = datetime(date.year, date.month, date.day, max(one.hour, 0), tzinfo=zone)
        at_ms = round(at.timestamp()) * SECOND_MS
        names = {name: getattr(one, name) for name in ("hour", "campaign_id", "kind", "remainder", *_MEASURES)}
        lines.append({"day": day, "at_ms": at_ms, **names, **of_all})
    wiring.lake().append(AD_HOURLY.name, organization_id, day, name_of("ads", lines), arrow_table(AD_HOURLY, lines))
