"""Questions over HTTP: the document, mistakes, and what is kept."""

import json
from typing import Any

import pytest
from optiq.kernel.ids import new_id

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import Part

pytestmark = pytest.mark.usefixtures("table")


def post(site_id: str, organization_id: str, **question: Any) -> tuple[int, dict[str, Any]]:
    path = f"/v1/sites/{site_id}/query"
    return answer(handler(request(path, organization_id, method="POST", body=json.dumps(question)), None))


def test_the_answer_to_a_question(make_site: SiteMaker, organization_id: str, site_id: str) -> None:
    lake = make_site(timezone="Europe/Berlin")
    lake.write_credits(
        lake.credit("c1", "2026-01-10T12:00:00Z", [Part("Email", 0.5, 5_000_000), Part("Direct", 0.5, 5_000_000)]),
        lake.credit("c2", "2026-01-03T12:00:00Z", [Part("Email", 1.0, 4_000_000)]),
    )
    status, found = post(
        site_id,
        organization_id,
        metrics=["revenue", "conversions"],
        dimensions=["channel"],
        filters=[[{"dimension": "channel", "operator": "is", "values": ["Email"]}]],
        period="2026-01-08..2026-01-14",
        compare="PREVIOUS_PERIOD",
    )
    assert status == 200, found
    assert found["rows"] == [
        {"keys": ["Email"], "values": [5_000_000, 0.5], "before": [4_000_000, 1.0], "change": [0.25, -0.5]}
    ]
    assert found["totals"] == {"keys": [], **{key: found["rows"][0][key] for key in ("values", "before", "change")}}
    assert found["metrics"][0] == {"name": "revenue", "label": "Revenue", "kind": "MONEY"}
    assert found["period"] == {"from": "2026-01-08", "to": "2026-01-14"}
    assert found["compared"] == {"from": "2026-01-01", "to": "2026-01-07"}
    assert (found["currency"], found["timezone"], found["model"]) == ("EUR", "Europe/Berlin", "LINEAR")
    assert (found["incomplete_days"], found["notes"], found["compared_until"]) == ([], [], None)
    assert found["data_until"].startswith("20")


def test_an_unknown_name_is_refused_with_the_known_ones(
    make_site: SiteMaker, organization_id: str, site_id: str
) -> None:
    make_site()
    status, found = post(site_id, organization_id, metrics=["revenues"])
    assert (status, found["code"], found["fields"][0]["field"]) == (400, "INVALID", "body.metrics")
    assert "'revenues' is unknown; use some of visits, people" in found["detail"]
    status, found = post(
        site_id, organization_id, metrics=["visits"], filters=[{"dimension": "x", "operator": "is_set"}]
    )
    assert (status, found["fields"][0]["field"]) == (400, "body.filters")
    status, found = post(site_id, organization_id, metrics=["visits"], colour="red")
    assert (status, found["fields"][0]["field"]) == (400, "body.colour")


def test_the_site_of_another_organization_is_not_found(make_site: SiteMaker, site_id: str) -> None:
    make_site()
    assert post(site_id, new_id("org", 1), metrics=["visits"])[0] == 404


def test_the_catalogue_says_what_a_metric_can_be_by(organization_id: str) -> None:
    status, found = answer(handler(request("/v1/questions/catalogue", organization_id), None))
    assert status == 200
    by_name = {one["name"]: one for one in found["metrics"]}
    of_platforms = ["platform", "account", "platform_campaign", "platform_group", "platform_ad"]
    of_links = ["channel", "source", "medium", "campaign", "ad"]
    assert by_name["roas"]["dimensions"] == [*of_links, *of_platforms, "day", "week", "month"]
    assert "device" in by_name["visits"]["dimensions"]
    assert (by_name["visits"]["adds_up"], by_name["people"]["adds_up"], by_name["roas"]["adds_up"]) == (
        True,
        False,
        False,
    )
    assert found["buckets"] == ["hour", "day", "week", "month"]
