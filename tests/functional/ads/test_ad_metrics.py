"""Daily metrics over HTTP, to the spend report over HTTP."""

import json
from typing import Any

import pytest
from optiq.kernel.ids import new_id

from functions.ads.routes import handler as ads
from functions.reports.routes import handler as reports
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request

# What is sent is entered in the audit log.
pytestmark = pytest.mark.usefixtures("table")

Row = dict[str, Any]


def row(**more: Any) -> Row:
    base = {"day": "2026-01-02", "source": "google", "medium": "cpc", "campaign": "spring", "spend": "12.50"}
    return base | {"impressions": 1000, "clicks": 10, "currency": "EUR"} | more


def post(site_id: str, organization_id: str, *rows: Row) -> tuple[int, dict[str, Any]]:
    path = f"/v1/sites/{site_id}/ad-metrics"
    return answer(ads(request(path, organization_id, method="POST", body=json.dumps({"rows": rows})), None))


def spend(site_id: str, organization_id: str, query: str = "") -> dict[str, Any]:
    event = request(f"/v1/sites/{site_id}/spend?from=2026-01-01&to=2026-01-31{query}", organization_id)
    status, body = answer(reports(event, None))
    assert status == 200
    return body


def test_metrics_reach_the_report(make_site: SiteMaker, organization_id: str, site_id: str) -> None:
    # GIVEN two campaigns, one of which is corrected by a later call
    make_site()
    assert post(site_id, organization_id, row(), row(source="bing", spend=0.1)) == (202, {"stored": 2})
    assert post(site_id, organization_id, row(spend=13, clicks=11)) == (202, {"stored": 1})

    # WHEN the spend is reported THEN the correction counts, and the channel is the site's
    assert spend(site_id, organization_id) == {
        "by": "channel",
        "currency": "EUR",
        "from": "2026-01-01",
        "to": "2026-01-31",
        "rows": [{"channel": "Paid Search", "spend_micros": 13_100_000, "clicks": 21, "impressions": 2000}],
        "totals": {"spend_micros": 13_100_000, "clicks": 21, "impressions": 2000},
        "missing_rates": [],
        "damaged_files": [],
    }
    assert [line["source"] for line in spend(site_id, organization_id, "&by=source")["rows"]] == ["google", "bing"]


def test_the_same_metrics_again_change_nothing(make_site: SiteMaker, organization_id: str, site_id: str) -> None:
    make_site()
    for _ in range(3):
        post(site_id, organization_id, row())
    assert spend(site_id, organization_id)["totals"] == {
        "spend_micros": 12_500_000,
        "clicks": 10,
        "impressions": 1000,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2026-02-30"},
        {"day": None},
        {"spend": "much"},
        {"spend": -1},
        {"spend": "NaN"},
        {"spend": True},
        {"currency": "EURO"},
        {"clicks": -1},
        {"clicks": 1.5},
        {"impressions": "1"},
        {"source": ""},
        {"source": 7},
        {"claimed_conversions": -0.5},
        {"claimed_revenue": -1},
    ],
)
def test_a_row_that_cannot_be_is_refused_with_all_others(
    make_site: SiteMaker, organization_id: str, site_id: str, wrong: Row
) -> None:
    make_site()
    status, problem = post(site_id, organization_id, row(source="bing"), row(**wrong))
    assert (status, problem["status"]) == (400, 400)
    assert "rows.1" in problem["detail"]
    assert spend(site_id, organization_id)["rows"] == []


@pytest.mark.parametrize("rows", [[], [row()] * 2, [row(source=f"s{n}") for n in range(1001)]])
def test_none_twice_or_too_many_are_refused(
    make_site: SiteMaker, organization_id: str, site_id: str, rows: list[Row]
) -> None:
    make_site()
    assert post(site_id, organization_id, *rows)[0] == 400


def test_another_organizations_site_takes_nothing(make_site: SiteMaker, organization_id: str, site_id: str) -> None:
    make_site()
    status, problem = post(site_id, new_id("org", 1), row())
    assert (status, problem["detail"]) == (404, "there is no such site")
    assert spend(site_id, organization_id)["rows"] == []


def test_what_a_platform_claims_is_taken_in_and_asked_for(
    make_site: SiteMaker, organization_id: str, site_id: str
) -> None:
    make_site()
    rows = (
        row(claimed_conversions=2.5, claimed_revenue="99.90"),
        row(source="bing", claimed_conversions=1),
        row(source="x"),
    )
    assert post(site_id, organization_id, *rows) == (202, {"stored": 3})
    question = {
        "metrics": ["claimed_conversions", "claimed_revenue"],
        "dimensions": ["source"],
        "period": "2026-01-01..2026-01-31",
    }
    event = request(f"/v1/sites/{site_id}/query", organization_id, method="POST", body=json.dumps(question))
    found = answer(reports(event, None))[1]
    claimed = [["google", 2.5, 99_900_000], ["bing", 1, None], ["x", None, None]]
    assert [[*each["keys"], *each["values"]] for each in found["rows"]] == claimed
    assert found["totals"]["values"] == [None, 99_900_000]  # Two claim conversions, one of them revenue.
