"""A site that was read a moment ago is believed for so long, and no more are kept than there is room for."""

import time
from dataclasses import replace

import pytest
from optiq.tenancy import known_sites

from tests.unit.journeys.facts import SITE


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    instant = [0.0]
    monkeypatch.setattr(known_sites, "_known", {})
    monkeypatch.setattr(time, "monotonic", lambda: instant[0])
    return instant


def test_site_is_asked_for_anew_when_its_time_is_over(now: list[float]) -> None:
    known_sites.keep(SITE)
    now[0] = known_sites.SITE_CACHE_SECONDS - 0.1
    assert known_sites.get("org_1", "site_1") == SITE
    assert known_sites.get("org_2", "site_1") is None

    now[0] = known_sites.SITE_CACHE_SECONDS
    assert known_sites.get("org_1", "site_1") is None


def test_site_that_was_read_first_goes_when_there_are_too_many(
    now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_sites, "_MOST", 2)
    for site_id in ("site_1", "site_2", "site_1", "site_3"):
        known_sites.keep(replace(SITE, site_id=site_id))

    assert [bool(known_sites.get("org_1", f"site_{number}")) for number in (1, 2, 3)] == [True, False, True]
