"""From requests to histories: sessions, touches, conversions, counts."""

import json

import pytest
from optiq.collect.ingest import api as ingest
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.paths import paths_of
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_pixel, send_segment
from tests.support.counting import counts_of

pytestmark = pytest.mark.usefixtures("table")

SPRING = "https://shop.example/?utm_source=newsletter&utm_medium=email&utm_campaign=spring"


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


def _counts(site: NewSite) -> tuple[int, int, int, int]:
    found = counts_of(site)
    return found.accepted, found.stored, found.duplicates, found.failed


def _order(message_id: str = "m1", **more: object) -> dict[str, object]:
    return {
        "event": "Order Completed",
        "messageId": message_id,
        "anonymousId": "v1",
        "timestamp": to_rfc3339(system_clock()),
        "properties": {"revenue": 49.90, "currency": "EUR"},
    } | more


def test_a_campaign_visit_and_a_direct_return_make_two_touches(site: NewSite, pipeline: Pipeline) -> None:
    now = system_clock()
    send_segment(
        site,
        "page",
        {
            "anonymousId": "v1",
            "messageId": "p1",
            "timestamp": to_rfc3339(now - DAY_MS),
            "context": {"page": {"url": SPRING}},
        },
    )
    send_segment(
        site,
        "page",
        {
            "anonymousId": "v1",
            "messageId": "p2",
            "timestamp": to_rfc3339(now - MINUTE_MS),
            "context": {"page": {"url": "https://shop.example/"}},
        },
    )
    send_segment(site, "track", _order())

    pipeline.drain()

    (path,) = paths_of(site)
    assert [(t.channel, t.source, t.medium, t.campaign) for t in path.touches] == [
        ("Email", "newsletter", "email", "spring"),
        ("Direct", "(direct)", "(none)", "(not set)"),
    ]
    assert path.conversion.value_micros == 49_900_000
    assert _counts(site) == (3, 3, 0, 0)


def test_the_same_event_a_hundred_times_is_one_event(site: NewSite, pipeline: Pipeline) -> None:
    for _ in range(100):
        send_segment(site, "track", _order(timestamp="2026-01-05T10:00:00Z"))

    pipeline.drain(size=7)

    assert len(paths_of(site)) == 1
    assert _counts(site) == (100, 1, 99, 0)


def test_an_id_used_for_another_event_is_a_failed_event(site: NewSite, pipeline: Pipeline) -> None:
    send_segment(site, "track", _order(timestamp="2026-01-05T10:00:00Z"))
    send_segment(site, "track", _order(timestamp="2026-01-05T10:00:00Z", anonymousId="someone-else"))
    send_segment(site, "track", _order(timestamp="2026-01-05T10:00:00Z", properties={"revenue": 1}))

    pipeline.drain()

    assert _counts(site) == (3, 1, 0, 2)
    failed = ingest.failed_events(
        Caller.system(site.site.organization_id), site.site.site_id, limit=10, cursor=None
    ).items
    assert len(failed) == 2
    assert all("used before" in event.reason for event in failed)


def test_a_replayed_batch_changes_nothing(site: NewSite, pipeline: Pipeline) -> None:
    from functions.journeys import on_events

    send_beacon(site, {"url": SPRING}, {"kind": "track", "name": "Order Completed", "properties": {"revenue": "10"}})
    batches = pipeline.batches("journeys")
    for event in batches * 3:
        on_events.handler(event, None)
    pipeline.drain()

    (path,) = paths_of(site)
    assert len(path.touches) == 1
    assert _counts(site) == (2, 2, 0, 0)


def test_events_in_any_order_give_one_history(site: NewSite, pipeline: Pipeline) -> None:
    now = system_clock()
    visit = {
        "anonymousId": "v1",
        "messageId": "p1",
        "timestamp": to_rfc3339(now - 3 * HOUR_MS),
        "context": {"page": {"url": SPRING}},
    }
    send_segment(site, "track", _order())
    pipeline.drain()
    assert paths_of(site)[0].touches == ()

    send_segment(site, "page", visit)
    pipeline.drain()

    (path,) = paths_of(site)
    assert [touch.channel for touch in path.touches] == ["Email"]


def test_a_login_joins_what_the_visitor_did_before(site: NewSite, pipeline: Pipeline) -> None:
    now = system_clock()
    send_segment(
        site,
        "page",
        {
            "anonymousId": "v1",
            "messageId": "p1",
            "timestamp": to_rfc3339(now - DAY_MS),
            "context": {"page": {"url": SPRING}},
        },
    )
    pipeline.drain()
    send_segment(site, "identify", {"anonymousId": "v1", "userId": "u1", "messageId": "i1"})
    pipeline.drain()

    # When the server reports the order, it knows the user only.
    send_segment(site, "track", _order(anonymousId=None, userId="u1"))
    pipeline.drain()

    (path,) = paths_of(site)
    assert [touch.channel for touch in path.touches] == ["Email"]


def test_two_users_of_one_device_stay_two_people(site: NewSite, pipeline: Pipeline) -> None:
    now = system_clock()
    send_segment(
        site,
        "page",
        {
            "anonymousId": "v1",
            "messageId": "p1",
            "timestamp": to_rfc3339(now - DAY_MS),
            "context": {"page": {"url": SPRING}},
        },
    )
    send_segment(site, "identify", {"anonymousId": "v1", "userId": "u1", "messageId": "i1"})
    send_segment(site, "identify", {"anonymousId": "v1", "userId": "u2", "messageId": "i2"})
    send_segment(site, "track", _order("m1", anonymousId=None, userId="u1"))
    send_segment(site, "track", _order("m2", anonymousId=None, userId="u2"))

    pipeline.drain()

    touches = {path.conversion.event_id: len(path.touches) for path in paths_of(site)}
    assert touches == {"m1": 1, "m2": 0}


def test_a_pixel_with_a_bad_value_is_a_conversion_without_value(site: NewSite, pipeline: Pipeline) -> None:
    good = send_pixel(k=site.public_key, e="purchase", a="v1", v="12.50", c="USD", u="https://shop.example/")
    bad = send_pixel(k=site.public_key, e="purchase", a="v2", v="twelve")

    pipeline.drain()

    assert {good["statusCode"], bad["statusCode"]} == {200}
    assert good["body"] == bad["body"]
    assert _counts(site) == (2, 2, 0, 0)
    found = {(path.conversion.value_micros, path.conversion.currency) for path in paths_of(site)}
    assert found == {(12_500_000, "USD"), (0, "EUR")}


def test_a_beacon_keeps_the_good_events_and_tells_of_the_bad(site: NewSite, pipeline: Pipeline) -> None:
    answer = send_beacon(site, {"url": SPRING}, {"kind": "track"}, {"kind": "nonsense"})

    pipeline.drain()

    body = json.loads(answer["body"])
    assert answer["statusCode"] == 202
    assert body["accepted"] == 1
    assert [rejection["index"] for rejection in body["rejected"]] == [1, 2]
    assert _counts(site) == (3, 1, 0, 2)


def test_a_history_longer_than_one_item_keeps_every_event(site: NewSite, pipeline: Pipeline) -> None:
    for start in range(0, 900, 100):
        batch = [
            {
                "type": "page",
                "anonymousId": "v1",
                "messageId": f"p{n}",
                "timestamp": to_rfc3339(system_clock() - n * HOUR_MS),
                "context": {"page": {"url": f"https://shop.example/{n}"}},
            }
            for n in range(start, start + 100)
        ]
        send_segment(site, "batch", {"batch": batch})
        pipeline.drain()
    send_segment(site, "batch", {"batch": batch})
    send_segment(site, "track", _order())
    pipeline.drain()

    (path,) = paths_of(site)
    assert len(path.touches) == 900
    assert _counts(site) == (1001, 901, 100, 0)
