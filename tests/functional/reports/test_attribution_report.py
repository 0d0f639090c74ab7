"""What a model says was earned: days, versions, tenants."""

import pytest
from optiq.attribution.lake import CREDITS
from optiq.kernel.caller import Caller
from optiq.kernel.clock import from_rfc3339, to_rfc3339
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.ports.lake_rows import arrow_table
from optiq.reports import api as reports
from optiq.reports.contracts import AttributionReport, AttributionRow, Question

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.lake import Part, TestLake

EUR_49_90 = 49_900_000


def report(lake: TestLake, first: str, last: str, model: str = "LINEAR", by: str = "channel") -> AttributionReport:
    return reports.attribution_report(
        Caller.system(lake.organization_id), lake.site_id, Question(first, last, by), model=model
    )


def test_a_sale_is_shared_out_by_channel(make_site: SiteMaker) -> None:
    # GIVEN a sale after an e-mail and two direct visits, and one nobody led to
    lake = make_site(timezone="Europe/Berlin")
    path = [Part("Email", 1 / 3, 16_633_334), Part("Direct", 1 / 3, 16_633_333), Part("Direct", 1 / 3, 16_633_333)]
    alone = [Part("Direct", 1.0, 10_000_000, touch_id="")]
    lake.write_credits(
        lake.credit("c1", "2026-01-10T12:00:00Z", path), lake.credit("c2", "2026-01-10T12:00:00Z", alone)
    )

    # WHEN the day is reported
    found = report(lake, "2026-01-10", "2026-01-10")

    # THEN rows come by revenue, and a conversion without a touch is nobody's, though an old row says Direct of it
    assert found.rows == (
        AttributionRow("Direct", 0.666666667, 33_266_666, 2),
        AttributionRow("Email", 0.333333333, 16_633_334, 1),
        AttributionRow("No tracked visit", 1.0, 10_000_000, 0),
    )
    assert (found.conversions, found.revenue_micros) == (2, 59_900_000)
    assert (found.currency, found.timezone, found.missing_rates) == ("EUR", "Europe/Berlin", ())


@pytest.mark.parametrize(
    ("by", "key"),
    [
        ("channel", "Email"),
        ("source", "email"),
        ("medium", "cpc"),
        ("campaign", "spring"),
        ("ad", "banner"),
        ("landing_page", "/Email"),
    ],
)
def test_every_dimension_can_be_asked_for(make_site: SiteMaker, by: str, key: str) -> None:
    lake = make_site()
    lake.write_credits(lake.credit("c1", "2026-01-10T12:00:00Z", [Part("Email", 1.0, EUR_49_90)]))
    assert [row.key for row in report(lake, "2026-01-10", "2026-01-10", by=by).rows] == [key]


def test_only_the_model_asked_for_counts(make_site: SiteMaker) -> None:
    # GIVEN a sale credited by two models, and one by another alone
    lake = make_site()
    linear = lake.credit("c1", "2026-01-10T12:00:00Z", [Part("Email", 0.5, 1), Part("Display", 0.5, 1)])
    first = lake.credit("c1", "2026-01-10T12:00:00Z", [Part("Email", 0, 0), Part("Display", 1, 2)], model="FIRST_TOUCH")
    lake.write_credits([one | other for one, other in zip(linear, first, strict=True)])
    lake.write_credits(lake.credit("c2", "2026-01-10T12:00:00Z", [Part("Audio", 1.0, 5)], model="LAST_TOUCH"))

    # THEN a report holds what its own model gives, and no conversion it was not computed for
    found = report(lake, "2026-01-10", "2026-01-10", model="FIRST_TOUCH")
    assert {row.key: row.revenue_micros for row in found.rows} == {"Display": 2, "Email": 0}
    assert (found.conversions, found.revenue_micros) == (1, 2)


def test_a_model_no_longer_computed_is_not_taken_from_an_older_version(make_site: SiteMaker) -> None:
    lake = make_site()
    for revision, model in ((1, "LINEAR"), (2, "LAST_TOUCH")):
        lake.write_credits(
            lake.credit("c1", "2026-01-10T12:00:00Z", [Part("Email", 1.0, 1)], model=model, revision=revision)
        )
    assert report(lake, "2026-01-10", "2026-01-10").rows == ()


def test_a_later_version_replaces_all_credits_of_a_conversion(make_site: SiteMaker) -> None:
    # GIVEN credits that were written twice, then recomputed on a shorter path, then for a new revision
    lake = make_site()
    at = "2026-01-10T12:00:00Z"
    first = lake.credit("c1", at, [Part("Email", 0.5, 5_000_000), Part("Display", 0.5, 5_000_000)])
    lake.write_credits(first)
    lake.lake.append("credits", lake.organization_id, "2026-01-10", "again", arrow_table(CREDITS, first))
    assert report(lake, "2026-01-10", "2026-01-10").revenue_micros == 10_000_000

    # WHEN later versions arrive THEN only the latest is seen, whichever way it is later
    lake.write_credits(lake.credit("c1", at, [Part("Email", 1.0, 10_000_000)], computed_ms=5))
    assert [row.key for row in report(lake, "2026-01-10", "2026-01-10").rows] == ["Email"]
    lake.write_credits(lake.credit("c1", at, [Part("Audio", 1.0, 12_000_000)], revision=2, computed_ms=1))
    found = report(lake, "2026-01-10", "2026-01-10")
    assert found.rows == (AttributionRow("Audio", 1.0, 12_000_000, 1),)
    assert found.conversions == 1


@pytest.mark.parametrize(
    ("timezone", "day", "first", "last"),
    [
        # New Zealand is 13 hours ahead in summer, 12 in winter; its clocks change on 5 April 2026.
        ("Pacific/Auckland", "2026-01-10", "2026-01-09T11:00:00.000Z", "2026-01-10T10:59:59.999Z"),
        ("Pacific/Auckland", "2026-04-05", "2026-04-04T11:00:00.000Z", "2026-04-05T11:59:59.999Z"),
        # California's clocks go forward on 8 March 2026 (a day of 23 hours), and back on 1 November (25 hours).
        ("America/Los_Angeles", "2026-03-08", "2026-03-08T08:00:00.000Z", "2026-03-09T06:59:59.999Z"),
        ("America/Los_Angeles", "2026-11-01", "2026-11-01T07:00:00.000Z", "2026-11-02T07:59:59.999Z"),
        ("Asia/Kathmandu", "2026-01-10", "2026-01-09T18:15:00.000Z", "2026-01-10T18:14:59.999Z"),
    ],
)
def test_a_day_is_the_sites_day(make_site: SiteMaker, timezone: str, day: str, first: str, last: str) -> None:
    # GIVEN sales in dollars in the first and last millisecond of a day and just outside, and that day's rate
    lake = make_site(timezone=timezone)
    start, end = from_rfc3339(first), from_rfc3339(last)
    for name, at in {"before": start - 1, "first": start, "last": end, "after": end + 1}.items():
        lake.write_credits(lake.credit(name, to_rfc3339(at), [Part(name, 1.0, 10_000_000)], currency="USD"))
    lake.write_rates(day, USD=2_000_000)

    # WHEN the day is reported
    found = report(lake, day, day)

    # THEN it holds what happened on it there, at the rate of that day
    assert found.rows == (AttributionRow("first", 1.0, 5_000_000, 1), AttributionRow("last", 1.0, 5_000_000, 1))
    assert found.missing_rates == ()


def test_the_clocks_change_moves_the_rate_of_the_day(make_site: SiteMaker) -> None:
    # GIVEN sales at the same UTC time before and after New York's clocks go forward, whose local days differ
    lake = make_site(timezone="America/New_York")
    lake.write_credits(
        lake.credit("winter", "2026-03-07T04:30:00Z", [Part("Email", 1.0, 8_000_000)], currency="USD"),
        lake.credit("summer", "2026-03-10T04:30:00Z", [Part("Audio", 1.0, 8_000_000)], currency="USD"),
    )
    lake.write_rates("2026-03-06", USD=1_000_000)
    lake.write_rates("2026-03-07", USD=4_000_000)
    lake.write_rates("2026-03-09", USD=8_000_000)
    lake.write_rates("2026-03-10", USD=2_000_000)

    # WHEN the month is reported THEN half past eleven in winter is still the 6th, half past midnight in summer the 10th
    assert {row.key: row.revenue_micros for row in report(lake, "2026-03-01", "2026-03-31").rows} == {
        "Email": 8_000_000,
        "Audio": 4_000_000,
    }


def test_another_sites_credits_do_not_count(make_site: SiteMaker) -> None:
    lake = make_site()
    part = [Part("Email", 1.0, EUR_49_90)]
    lake.write_credits(lake.credit("c1", "2026-01-10T12:00:00Z", part, site_id="site_other"))
    assert report(lake, "2026-01-10", "2026-01-10").rows == ()


def test_another_organizations_site_cannot_be_reported(
    make_site: SiteMaker, organization_id: str, site_id: str
) -> None:
    # GIVEN a site with credits, and a neighbour who has put its site's id on credits of its own
    lake = make_site()
    stranger = new_id("org", 1)
    part = [Part("Email", 1.0, EUR_49_90)]
    lake.write_credits(lake.credit("c1", "2026-01-10T12:00:00Z", part), organization_id=stranger)

    # WHEN each asks THEN the neighbour has no such site, and the owner does not see the neighbour's rows
    with pytest.raises(NotFoundError):
        reports.attribution_report(
            Caller.system(stranger), site_id, Question("2026-01-10", "2026-01-10"), model="LINEAR"
        )
    with pytest.raises(NotFoundError):
        reports.spend_report(Caller.system(stranger), site_id, by="channel", from_day="2026-01-10", to_day="2026-01-10")
    assert report(lake, "2026-01-10", "2026-01-10").rows == ()


@pytest.mark.parametrize(
    ("model", "by", "first", "last", "said"),
    [
        ("MAGIC", "channel", "2026-01-01", "2026-01-02", "LINEAR"),
        ("LINEAR", "weather", "2026-01-01", "2026-01-02", "landing_page"),
        ("LINEAR", "channel; DROP TABLE credits", "2026-01-01", "2026-01-02", "must be one of"),
        ("LINEAR", "channel", "2026-01-02", "2026-01-01", "must not be after"),
        ("LINEAR", "channel", "2025-01-01", "2026-02-05", "400 days"),
        ("LINEAR", "channel", "2026-02-30", "2026-03-01", "calendar day"),
        ("LINEAR", "channel", "yesterday", "2026-03-01", "calendar day"),
        ("LINEAR", "channel", "0001-01-01", "0001-01-02", "between"),
    ],
)
def test_what_cannot_be_asked_says_what_can(
    make_site: SiteMaker, model: str, by: str, first: str, last: str, said: str
) -> None:
    with pytest.raises(InvalidError, match=said):
        report(make_site(), first, last, model=model, by=by)
