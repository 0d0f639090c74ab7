"""A report over a damaged file is answered without its rows, and says which file that is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from optiq.kernel.caller import Caller
from optiq.reports import api as reports
from optiq.reports.contracts import Question

from functions.reports.schemas import AttributionReportOut, ComparisonOut, SpendReportOut
from tests.functional.reports.lake import Part, TestLake

SiteMaker = Callable[..., TestLake]
JANUARY = Question("2026-01-01", "2026-01-31")


@pytest.fixture
def site(make_site: SiteMaker) -> TestLake:
    lake = make_site()
    for day, name in (("05", "one"), ("06", "two")):
        lake.write_credits(lake.credit(name, f"2026-01-{day}T10:00:00Z", [Part("Email", 1.0, 10_000_000)]))
        metric = {"day": f"2026-01-{day}", "source": "g", "channel": "Paid Search", "currency": "EUR"}
        lake.write_metrics(metric | {"impressions": 1, "clicks": 1, "spend_micros": 5})
    return lake


def damage(root: Path, table: str, day: str) -> str:
    (path,) = root.glob(f"{table}/org=*/dt={day}/*.parquet")
    path.write_bytes(path.read_bytes()[:99])
    return str(path.relative_to(root))


def test_attribution_names_the_damaged_files_of_its_days(site: TestLake, tmp_path: Path) -> None:
    # Given a day whose credits cannot be read
    path = damage(tmp_path, "credits", "2026-01-05")
    where = (Caller.system(site.organization_id), site.site_id)

    # When reports are asked for
    report = reports.attribution_report(*where, JANUARY, model="LINEAR")
    compared = reports.compare_models(*where, JANUARY, models=["LINEAR", "FIRST_TOUCH"])
    explained = reports.explain_value(*where, JANUARY, model="LINEAR", value="Email", limit=20, cursor=None)

    # Then the other day is told, and the file is named
    assert (report.conversions, report.revenue_micros) == (1, 10_000_000)
    assert explained.conversions == 1
    assert report.damaged_files == compared.damaged_files == explained.damaged_files == (path,)
    assert AttributionReportOut.of(report).damaged_files == [path]
    assert ComparisonOut.of(compared).damaged_files == [path]

    # And a report on other days misses nothing.
    other = reports.attribution_report(*where, Question("2026-01-06", "2026-01-31"), model="LINEAR")
    assert (other.conversions, other.damaged_files) == (1, ())


def test_spend_names_the_damaged_files_of_its_days(site: TestLake, tmp_path: Path) -> None:
    path = damage(tmp_path, "ad_metrics", "2026-01-06")

    report = reports.spend_report(
        Caller.system(site.organization_id), site.site_id, by="channel", from_day="2026-01-01", to_day="2026-01-31"
    )

    assert report.spend_micros == 5
    assert report.damaged_files == (path,)
    assert SpendReportOut.of(report).damaged_files == [path]


def test_rates_that_cannot_be_read_are_named_beside_the_money_without_one(site: TestLake, tmp_path: Path) -> None:
    site.write_rates("2026-01-05", USD=1_100_000)
    dollars = site.credit("three", "2026-01-05T11:00:00Z", [Part("Email", 1.0, 11_000_000)], currency="USD")
    site.write_credits(dollars)
    path = damage(tmp_path, "rates", "2026-01-05")

    report = reports.attribution_report(Caller.system(site.organization_id), site.site_id, JANUARY, model="LINEAR")

    assert [missing.currency for missing in report.missing_rates] == ["USD"]
    assert report.damaged_files == (path,)


def test_a_report_over_whole_files_names_none(site: TestLake) -> None:
    report = reports.attribution_report(Caller.system(site.organization_id), site.site_id, JANUARY, model="LINEAR")
    assert (report.conversions, report.damaged_files) == (2, ())
