"""Reports over HTTP: the document, its defaults, its problems."""

from datetime import UTC, datetime
from typing import Any

import pytest
from optiq.kernel.ids import new_id

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import Part


def get(path: str, organization_id: str) -> tuple[int, dict[str, Any]]:
    return answer(handler(request(path, organization_id), None))


def test_the_attribution_document(make_site: SiteMaker, organization_id: str, site_id: str) -> None:
    # GIVEN a sale in dollars and one whose rate is missing
    lake = make_site(timezone="Europe/Berlin")
    lake.write_rates("2026-01-09", USD=1_250_000)
    path = [Part("Email", 0.5, 5_000_000), Part("Direct", 0.5, 5_000_000)]
    lake.write_credits(
        lake.credit("c1", "2026-01-10T12:00:00Z", path, currency="USD"),
        lake.credit("c2", "2026-01-11T12:00:00Z", [Part("Email", 1.0, 7_000_000)], currency="CHF"),
    )

    # WHEN January is asked for
    asked = f"/v1/sites/{site_id}/attribution?model=LINEAR&by=channel&from=2026-01-01&to=2026-01-31"

    # THEN the answer is the documented one
    assert get(asked, organization_id) == (
        200,
        {
            "model": "LINEAR",
            "by": "channel",
            "currency": "EUR",
            "timezone": "Europe/Berlin",
            "from": "2026-01-01",
            "to": "2026-01-31",
            "conversion": "",
            "as_of": None,
            "rows": [
                {"channel": "Direct", "conversions": 0.5, "revenue_micros": 4_000_000, "touches": 1},
                {"channel": "Email", "conversions": 1.5, "revenue_micros": 4_000_000, "touches": 2},
            ],
            "totals": {"conversions": 2, "revenue_micros": 8_000_000},
            "not_computed": 0,
            "missing_rates": [{"currency": "CHF", "day": "2026-01-11", "conversions": 1, "value_micros": 7_000_000}],
            "verdict": None,
            "note": "",
            "damaged_files": [],
        },
    )


def test_a_row_is_named_after_its_dimension(make_site: SiteMaker, organization_id: str, site_id: str) -> None:
    lake = make_site()
    lake.write_credits(lake.credit("c1", "2026-01-10T12:00:00Z", [Part("Email", 1.0, 1)]))
    path = f"/v1/sites/{site_id}/attribution?by=landing_page&from=2026-01-10&to=2026-01-10"
    assert get(path, organization_id)[1]["rows"][0]["landing_page"] == "/Email"


def test_the_last_thirty_days_are_the_default(make_site: SiteMaker, organization_id: str, site_id: str) -> None:
    make_site()
    status, body = get(f"/v1/sites/{site_id}/attribution", organization_id)
    assert (status, body["model"], body["by"], body["rows"]) == (200, "LINEAR", "channel", [])
    first, last = (datetime.fromisoformat(body[end]).replace(tzinfo=UTC) for end in ("from", "to"))
    assert (last - first).days == 29
    assert abs((datetime.now(UTC) - last).days) <= 1


def test_a_last_day_alone_asks_for_the_thirty_before_it(
    make_site: SiteMaker, organization_id: str, site_id: str
) -> None:
    make_site()
    body = get(f"/v1/sites/{site_id}/spend?to=2026-01-30", organization_id)[1]
    assert (body["from"], body["to"]) == ("2026-01-01", "2026-01-30")


@pytest.mark.parametrize(
    "query",
    [
        "attribution?model=MAGIC",
        "attribution?by=weather",
        "attribution?from=2026-02-01&to=2026-01-01",
        "attribution?from=2020-01-01&to=2026-01-01",
        "attribution?to=tomorrow",
        "attribution?from=0000-00-00",
        "attribution?to=0001-01-05",
        "attribution?to=9999-12-31",
        "spend?by=landing_page",
        "spend?from=2026-02-01&to=2026-01-01",
    ],
)
def test_what_cannot_be_asked_is_a_bad_request(
    make_site: SiteMaker, organization_id: str, site_id: str, query: str
) -> None:
    make_site()
    status, problem = get(f"/v1/sites/{site_id}/{query}", organization_id)
    assert (status, problem["title"]) == (400, "Bad request")


@pytest.mark.parametrize("report", ["attribution", "spend"])
def test_another_organizations_site_is_not_found(make_site: SiteMaker, site_id: str, report: str) -> None:
    make_site()
    assert get(f"/v1/sites/{site_id}/{report}", new_id("org", 1))[0] == 404
