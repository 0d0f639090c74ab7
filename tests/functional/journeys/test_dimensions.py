"""Landing pages, referrers and UTM values, with when each was first seen."""

from typing import Any

import pytest
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.journeys.routes import handler
from tests.functional.pipeline import Pipeline
from tests.functional.reports.http import answer, request
from tests.functional.senders import send_segment

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def site() -> NewSite:
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    pipeline = Pipeline()
    spring = "?utm_source=news&utm_medium=email&utm_campaign=spring&utm_term=mugs&utm_content=top"
    visits = [
        ("2026-02-02T10:00:00Z", f"mugs{spring}", ""),
        ("2026-02-01T10:00:00Z", f"mugs{spring}", ""),
        ("2026-02-05T10:00:00Z", "", "https://www.google.com/"),
        ("2026-02-06T10:00:00Z", "", "https://mail.google.com/"),
        ("2026-02-07T10:00:00Z", "", "https://blog.example/post"),
        ("2026-02-08T10:00:00Z", "mugs", ""),
    ]
    for when, path, referrer in visits:
        page = {"url": f"https://shop.example/{path}", "referrer": referrer}
        message = {"type": "page", "anonymousId": f"v{when}", "timestamp": when, "context": {"page": page}}
        send_segment(site, "batch", {"batch": [message]})
        pipeline.drain()
    return site


def _get(site: NewSite, query: str, organization_id: str = "") -> tuple[int, dict[str, Any]]:
    path = f"/v1/sites/{site.site.site_id}/dimensions?{query}"
    return answer(handler(request(path, organization_id or site.site.organization_id), None))


def _values(site: NewSite, kind: str) -> list[str]:
    return [row["value"] for row in _get(site, f"kind={kind}")[1]["items"]]


def test_a_value_knows_when_it_was_first_and_last_seen(site: NewSite) -> None:
    status, said = _get(site, "kind=landing_page&limit=1")

    assert (status, said) == (
        200,
        {
            "kind": "landing_page",
            "items": [
                {
                    "value": "/",
                    "first_seen_at": "2026-02-05T10:00:00.000Z",
                    "last_seen_at": "2026-02-07T10:00:00.000Z",
                    "touches": 3,
                    "category": None,
                }
            ],
            "cursor": said["cursor"],
        },
    )


def test_values_come_in_pages(site: NewSite) -> None:
    values, cursor = [], ""
    while cursor is not None:
        page = _get(site, f"kind=landing_page&limit=1{cursor and f'&cursor={cursor}'}")[1]
        values += [row["value"] for row in page["items"]]
        cursor = page["cursor"]

    assert values == _values(site, "landing_page")
    assert len(values) > 1
    other = _get(site, "kind=landing_page&limit=1")[1]["cursor"]
    assert _get(site, f"kind=referrer_domain&limit=1&cursor={other}")[0] == 400


def test_referrers_have_a_category(site: NewSite) -> None:
    rows = _get(site, "kind=referrer_domain")[1]["items"]

    assert {row["value"]: row["category"] for row in rows} == {
        "google.com": "search",
        "mail.google.com": "email",
        "blog.example": "other",
    }


def test_utm_values_are_those_of_links_only(site: NewSite) -> None:
    kinds = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")

    assert [_values(site, kind) for kind in kinds] == [["news"], ["email"], ["spring"], ["mugs"], ["top"]]


def test_a_kind_that_is_none_is_said(site: NewSite) -> None:
    status, said = _get(site, "kind=moon")

    assert status == 400
    assert "landing_page" in said["detail"]
    assert _get(site, "kind=landing_page&limit=0")[0] == 400


def test_another_organization_sees_no_such_site(site: NewSite, organization_id: str) -> None:
    assert _get(site, "kind=landing_page", organization_id)[0] == 404
