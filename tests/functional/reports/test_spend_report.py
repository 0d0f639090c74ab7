"""What was spent: versions, currencies, days."""

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError
from optiq.reports import api as reports
from optiq.reports.contracts import MissingRate, SpendRow

from tests.functional.reports.conftest import SiteMaker


def metric(day: str, source: str, channel: str, spend: int, **more: object) -> dict[str, object]:
    base: dict[str, object] = {"impressions": 100, "clicks": 10, "currency": "EUR"}
    return base | {"day": day, "source": source, "channel": channel, "spend_micros": spend} | more


def test_spend_is_summed_in_the_reporting_currency(make_site: SiteMaker) -> None:
    # GIVEN spend in two currencies, one of them without a rate on one day, and a corrected day
    lake = make_site(timezone="Pacific/Auckland")
    lake.write_rates("2026-01-02", USD=3_000_000)
    lake.write_metrics(
        metric("2026-01-02", "google", "Paid Search", 1_000_000),
        metric("2026-01-02", "google", "Paid Search", 2_000_000, revision=2),
        metric("2026-01-02", "bing", "Paid Search", 1_000_000, currency="USD"),
        metric("2026-01-03", "meta", "Paid Social", 1_000_000, currency="USD"),
        metric("2026-01-12", "meta", "Paid Social", 7_000_000, currency="USD"),
        metric("2026-01-13", "meta", "Paid Social", 9_000_000),
        metric("2026-01-12", "meta", "Paid Social", 9_000_000, site_id="site_other"),
    )

    # WHEN days up to the 12th are reported
    found = reports.spend_report(
        Caller.system(lake.organization_id), lake.site_id, by="channel", from_day="2026-01-02", to_day="2026-01-12"
    )

    # THEN each day's spend is converted by itself, the latest version counts, what has no rate is said
    assert found.rows == (
        SpendRow("Paid Search", 2_333_333, 20, 200),
        SpendRow("Paid Social", 333_333, 20, 200),
    )
    assert (found.spend_micros, found.clicks, found.impressions) == (2_666_666, 40, 400)
    assert found.missing_rates == (MissingRate("USD", "2026-01-12", 0, 7_000_000),)


@pytest.mark.parametrize("by", ["channel", "source", "medium", "campaign"])
def test_totals_are_the_same_by_every_dimension(make_site: SiteMaker, by: str) -> None:
    lake = make_site(currency="USD")
    lake.write_rates("2026-01-02", USD=1_171_901)
    lake.write_metrics(*(metric("2026-01-02", f"source{n}", "Display", 333_333 + n) for n in range(5)))
    found = reports.spend_report(
        Caller.system(lake.organization_id), lake.site_id, by=by, from_day="2026-01-02", to_day="2026-01-02"
    )
    assert found.spend_micros == sum((2 * (333_333 + n) * 1_171_901 + 1_000_000) // 2_000_000 for n in range(5))


def test_spend_has_no_landing_pages(make_site: SiteMaker) -> None:
    lake = make_site()
    with pytest.raises(InvalidError, match="channel, source, medium, campaign"):
        reports.spend_report(
            Caller.system(lake.organization_id),
            lake.site_id,
            by="landing_page",
            from_day="2026-01-02",
            to_day="2026-01-02",
        )
