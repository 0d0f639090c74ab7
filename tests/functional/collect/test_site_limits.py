"""A site that sends too much is told so, at every door, and nothing of it is kept."""

import json

import pytest
from optiq.collect import api as collect
from optiq.kernel.limits import Buckets, SendingLimits
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.collect.posting import post_measurement
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_pixel, send_segment

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> SendingLimits:
    """A site may send ten events at once, an organization 25, and the clock stands still."""
    made = SendingLimits(Buckets(1, 10, lambda: 0.0), Buckets(1, 25, lambda: 0.0))
    monkeypatch.setattr(collect, "sending_limits", lambda: made)
    return made


def test_every_door_sheds_what_is_too_much(site: NewSite, limits: SendingLimits) -> None:
    limits.take(site.site.organization_id, site.site.site_id, 10)
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
    assert beacon["headers"]["access-control-expose-headers"] == "retry-after, ratelimit, ratelimit-policy"
    assert pixel["headers"]["content-type"] == "image/gif"
    assert pipeline.batches("journeys") == []


def test_a_noisy_site_does_not_take_another_sites_share(site: NewSite) -> None:
    other = tenancy.create_site(name="Quiet", domains=["quiet.example"])
    while send_beacon(site, {})["statusCode"] == 202:
        pass

    assert send_beacon(other, {}, {})["statusCode"] == 202
    assert send_segment(other, "track", {"userId": "u", "event": "E"})["statusCode"] == 200


def test_many_sites_do_not_multiply_an_organizations_share(site: NewSite) -> None:
    """Whichever way they send, and whichever of the organization's sites they name."""
    of_one = site.site.organization_id
    second, third = (
        tenancy.create_site(name=n, domains=["shop.example"], organization_id=of_one) for n in ("Two", "Three")
    )
    other = tenancy.create_site(name="Quiet", domains=["quiet.example"])

    answers = [
        send_beacon(site, *[{}] * 10),
        send_segment(second, "batch", {"batch": [{"type": "track", "userId": "u", "event": "E"}] * 10}),
        post_measurement(third.write_key, {"client_id": "1.2", "events": [{"name": "login"}] * 5}),
        send_beacon(third, {}),
        send_segment(third, "track", {"userId": "u", "event": "E"}),
        post_measurement(third.write_key, {"client_id": "1.2", "events": [{"name": "login"}]}),
        send_pixel(k=third.public_key),
    ]

    assert [answer["statusCode"] for answer in answers] == [202, 200, 204, 429, 429, 429, 429]
    assert "organization" in json.loads(answers[3]["body"])["detail"]
    assert send_beacon(other, {})["statusCode"] == 202


def test_a_server_is_told_what_is_left_and_a_page_is_not(site: NewSite) -> None:
    taken = send_segment(site, "batch", {"batch": [{"type": "track", "userId": "u", "event": "E"}] * 4})
    measured = post_measurement(site.write_key, {"client_id": "1.2", "events": [{"name": "login"}] * 5})
    refused = send_segment(site, "batch", {"batch": [{"type": "track", "userId": "u", "event": "E"}] * 2})
    of_page = (send_beacon(site, {}), send_beacon(site, {}), send_pixel(k=site.public_key))

    policy = '"site-events";q=10;w=10;qu="events", "organization-events";q=25;w=25;qu="events"'
    told = [(answer["statusCode"], answer["headers"]["ratelimit"]) for answer in (taken, measured, refused)]
    assert told == [
        (200, '"site-events";r=6;t=4, "organization-events";r=21;t=4'),
        (204, '"site-events";r=1;t=9, "organization-events";r=16;t=9'),
        (429, '"site-events";r=1;t=9, "organization-events";r=16;t=9'),
    ]
    assert {answer["headers"]["ratelimit-policy"] for answer in (taken, measured, refused)} == {policy}
    assert [answer["statusCode"] for answer in of_page] == [202, 429, 429]
    assert not [answer for answer in of_page if "ratelimit" in answer["headers"]]
