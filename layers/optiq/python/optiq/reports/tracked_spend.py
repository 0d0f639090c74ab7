"""Tells billing what ad spend is tracked for each organization in its month, as it is known now.

It is told whole, in US dollars at each day's rate, so what a platform corrects replaces what was told before.
"""

from collections.abc import Callable, Iterator

from optiq.ads.lake import AD_DAILY, AD_METRICS
from optiq.billing.usage import api as usage
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, day_of, parse_timezone, system_clock
from optiq.ports import wiring
from optiq.reports.service import spend_report
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

_UTC = parse_timezone("UTC")
_CURRENCY = "USD"


def _sites_of(caller: Caller) -> Iterator[Site]:
    cursor: str | None = None
    while True:
        page = tenancy.list_sites(caller, cursor=cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return


def tell_spend(stop: Callable[[], bool], clock: Clock = system_clock) -> int:
    """Tells the spend of all organizations that a plan limits; returns of how many sites.

    Args:
        stop: whether to leave the rest to the next run.

    Raises:
        UpstreamError: the lake or the table does not answer; try again.
    """
    lake, told = wiring.lake(), 0
    for organization_id in sorted({*lake.organizations(AD_METRICS.name), *lake.organizations(AD_DAILY.name)}):
        start_ms = usage.spend_month_of(organization_id, clock)
        if start_ms is None:
            continue
        caller, first, last = Caller.system(organization_id), day_of(start_ms, _UTC), day_of(clock(), _UTC)
        for site in _sites_of(caller):
            found = spend_report(
                caller, site.site_id, "source", first.isoformat(), max(first, last).isoformat(), clock(), _CURRENCY
            )
            sources = {row.key: row.spend_micros for row in found.rows}
            usage.note_spend(organization_id, site.site_id, start_ms, sources, clock)
            told += 1
        if stop():
            break
    return told
