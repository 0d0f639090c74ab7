"""A site that sends too much is told so, at every door, and nothing of it is kept."""

import json

import pytest
from optiq.collect import api as collect
from optiq.collect.limits import SiteLimits
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.collect.posting import post_measurement
from tests.functional.pipeline import Pipeline
from tests.functional.senders import post_beacon, post_segment, send_beacon, send_pixel, send_segment

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> SiteLimits:
    """Ten events at once, and the clock stands still."""
    made = SiteLimits(1, 10, lambda: 0.0)
    monkeypatch.setattr(collect, "site_limits", lambda: made)
    return made


def test_every_door_sheds_what_is_too_much(site: NewSite, limits: SiteLimits) -> None:
    limits.take(site.site.site_id, 10)
    pipeline = Pipeline()

    beacon = send_beacon(site, {}, {})
    track = send_segment(site, "track", {"userId": "u", "event": "E"})
    batch = send_segment(site, "batch", {"batch": [{"type": "track", "userId": "u", "event": "E"}] * 5})
    broken = send_segment(site, "batch", b"{")
    pixel = send_pixel(k=site.public_key)
    measurement = post_measurement(site.write_key, {"client_id": "1.2", "events": [{"name": "login"}] * 3})

    answers = (beacon, track, batch, broken, pixel, measurement)
    assert [answer["statusCode"] for answer in answers] == [429] * 6
    assert [answer["headers"]["retry-after"] for answer in answers] == ["2", "1", "5", "1", "1", "3"]
    assert "send it again in 5 s" in json.loads(batch["body"])["detail"]
    assert beacon["headers"]["access-control-expose-headers"] == "retry-after"
    assert pixel["headers"]["content-type"] == "image/gif"
    assert pipeline.batches("journeys") == []


def test_a_noisy_site_does_not_take_another_sites_share(site: NewSite) -> None:
    other = tenancy.create_site(name="Quiet", domains=["quiet.example"])
    while send_beacon(site, {})["statusCode"] == 202:
        pass

    assert send_beacon(other, {}, {})["statusCode"] == 202
    assert send_segment(other, "track", {"userId": "u", "event": "E"})["statusCode"] == 200


def test_what_names_no_site_is_limited_together(site: NewSite) -> None:
    statuses = [post_segment("wk_unknown", "track", b"{}")["statusCode"] for _ in range(10)]
    assert statuses == [401] * 10

    assert post_segment("wk_other", "track", b"{}")["statusCode"] == 429
    assert post_beacon("{")["statusCode"] == 429
    assert send_beacon(site, {})["statusCode"] == 202
