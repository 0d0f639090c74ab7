"""The official Segment client for Python, its host set to ours."""

import time
from pathlib import Path
from typing import Any

import pytest
from segment.analytics.client import Client

from infra.local.system import running_system
from tests.system.sites import create_site, get

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


def test_the_official_client_works_unchanged(tmp_path: Path) -> None:
    problems: list[Any] = []
    with running_system(tmp_path) as running:
        keys = create_site(tmp_path)
        client = Client(keys.write_key, host=running.url, on_error=lambda error, _: problems.append(error))
        page = {"url": "https://shop.example/?utm_source=newsletter&utm_medium=email&utm_campaign=spring"}
        client.page(anonymous_id="v1", context={"page": page})
        client.identify("u1", anonymous_id="v1", traits={"email": "ada@example.com"})
        client.track("u1", "Order Completed", {"revenue": 49.90, "currency": "EUR"})
        client.flush()
        client.join()

        site = f"/v1/sites/{keys.site_id}"
        give_up = time.monotonic() + 60
        while not (found := get(running.url, f"{site}/conversions", keys.api_key)["items"]):
            assert time.monotonic() < give_up, problems
            time.sleep(0.2)
        while (explained := get(running.url, f"{site}/conversions/{found[0]['conversion_id']}", keys.api_key))[
            "status"
        ] == "PENDING":
            assert time.monotonic() < give_up
            time.sleep(0.2)
        counts = get(running.url, f"{site}/ingest", keys.api_key)

    assert problems == []
    assert counts == {"accepted": 3, "stored": 3, "duplicates": 0, "failed": 0}
    assert explained["value_micros"] == 49_900_000
    assert [touch["campaign"] for touch in explained["path"]] == ["spring"]
