"""Ad spend is a quantity of the plan: told whole, so that what is told again or corrected adds nothing."""

import pytest
from optiq.ads import api as ads
from optiq.ads.contracts import DailyMetric
from optiq.billing.usage.api import spend_month_of, usage_of
from optiq.events.keys import outbox_item
from optiq.events.records import OutboxRecord
from optiq.kernel.caller import Caller
from optiq.kernel.clock import day_of, parse_timezone, system_clock
from optiq.kernel.money import MICROS
from optiq.reports import api as reports
from optiq.tenancy.contracts import NewSite

from tests.functional.billing.paying import Paying


@pytest.fixture
def spender(payer: Paying, site: NewSite) -> Paying:
    payer.organization_id, payer.now_ms = site.site.organization_id, system_clock()
    return payer


def _spend(site: NewSite, dollars: int, currency: str = "USD") -> None:
    today = day_of(system_clock(), parse_timezone("UTC")).isoformat()
    metric = DailyMetric(today, "google", "cpc", "spring", 1_000, 10, dollars * MICROS, currency)
    ads.record_daily_metrics(Caller.system(site.site.organization_id), site.site.site_id, [metric])


def _titles(organization_id: str) -> int:
    found = OutboxRecord.query(outbox_item(organization_id, "").pk)
    return sum("tracked ad spend" in str(one.event) for one in found)


def test_tracked_spend_is_set_and_its_owners_are_told_once(spender: Paying, site: NewSite) -> None:
    """Free has 1,000 dollars a month. What is corrected replaces what was told before."""
    _spend(site, 790)
    reports.tell_spend(stop=lambda: False)
    used = usage_of(spender.caller).ad_spend
    assert (used.tracked_micros, used.limit_micros, used.percent) == (790 * MICROS, 1_000 * MICROS, 79)
    assert _titles(spender.organization_id) == 0
    _spend(site, 850)
    for _ in range(2):
        reports.tell_spend(stop=lambda: False)
    assert (usage_of(spender.caller).ad_spend.percent, _titles(spender.organization_id)) == (85, 1)


def test_another_organization_has_none_of_it(spender: Paying, site: NewSite) -> None:
    _spend(site, 790)
    reports.tell_spend(stop=lambda: False)
    spender.begin()
    assert usage_of(spender.caller).ad_spend.tracked_micros == 0


def test_nothing_is_asked_where_nobody_pays(site: NewSite) -> None:
    _spend(site, 790)
    assert spend_month_of(site.site.organization_id) is None
