"""The official Segment client for Python, its host set to ours."""

from typing import Any

import pytest
from segment.analytics.client import Client

from infra.local.system import Running
from tests.system.sites import SiteKeys, credited_conversion, ingest_counts

pytestmark = [pytest.mark.system]


@pytest.mark.parametrize("compressed", [False, True])
def test_the_official_client_works_unchanged(running: Running, site: SiteKeys, compressed: bool) -> None:
    problems: list[Any] = []
    client = Client(site.write_key, host=running.url, gzip=compressed, on_error=lambda error, _: problems.append(error))
    page = {"url": "https://shop.example/?utm_source=newsletter&utm_medium=email&utm_campaign=spring"}
    client.page(anonymous_id="v1", context={"page": page})
    client.screen(anonymous_id="v1", name="Basket")
    client.identify("u1", anonymous_id="v1", traits={"email": "ada@example.com"})
    client.group("u1", group_id="g1", traits={"name": "Analytical Engines"})
    client.alias("v0", "u1")
    client.track("u1", "Order Completed", {"revenue": 49.90, "currency": "EUR"})
    client.flush()
    client.join()

    explained = credited_conversion(running.url, site)

    assert problems == []
    assert ingest_counts(running.url, site, 6) == {"accepted": 6, "stored": 6, "duplicates": 0, "failed": 0}
    assert explained["value_micros"] == 49_900_000
    assert [touch["campaign"] for touch in explained["path"]] == ["spring"]
