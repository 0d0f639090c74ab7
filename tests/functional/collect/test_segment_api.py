"""Segment's HTTP API: its messages, its forms of authentication, its limits."""

import gzip
import json
import time
import tracemalloc

import pytest
from optiq.kernel.clock import DAY_MS, HOUR_MS, system_clock, to_rfc3339
from optiq.tenancy.contracts import NewSite

from functions.collect.segment import PATHS as SEGMENT_PATHS
from tests.functional.collect.posting import basic, kept, on_the_stream, post
from tests.functional.paths import paths_of
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment


def _track(**more: object) -> dict[str, object]:
    return {"type": "track", "event": "Opened", "anonymousId": "v1", **more}


@pytest.mark.parametrize("name", SEGMENT_PATHS)
def test_every_route_takes_its_message(site: NewSite, pipeline: Pipeline, name: str) -> None:
    message = {"event": "Opened", "anonymousId": "v1", "userId": "u1", "groupId": "g1", "previousId": "v0"}
    body = {"batch": [{**message, "type": "track"}]} if name in ("batch", "b", "import") else message

    answer = post(name, body, **basic(site.write_key))

    accepted, rejected = on_the_stream(pipeline)
    assert (answer["statusCode"], answer["body"]) == (200, '{"success":true}')
    assert (len(accepted), rejected) == (1, [])


def test_each_kind_of_message_becomes_its_event(site: NewSite, pipeline: Pipeline) -> None:
    batch = [
        _track(properties={"plan": "pro"}),
        {"type": "page", "anonymousId": "v1", "name": "Home"},
        {"type": "screen", "anonymousId": "v1", "name": "Basket"},
        {"type": "screen", "anonymousId": "v1"},
        {"type": "identify", "userId": "u1", "traits": {"email": "ada@example.com"}},
        {"type": "group", "userId": "u1", "groupId": "g1", "traits": {"email": "office@example.com"}},
        {"type": "alias", "previousId": "v1", "userId": "u1"},
    ]

    send_segment(site, "batch", {"batch": batch})

    accepted, _ = on_the_stream(pipeline)
    found = sorted((event.kind, event.name, event.title, event.properties) for event in accepted)
    assert found == [
        ("IDENTIFY", "alias", "", "{}"),
        ("IDENTIFY", "group", "", '{"groupId":"g1"}'),
        ("IDENTIFY", "identify", "", "{}"),
        ("PAGE", "Basket", "Basket", "{}"),
        ("PAGE", "page_view", "Home", "{}"),
        ("PAGE", "screen_view", "", "{}"),
        ("TRACK", "Opened", "", '{"plan":"pro"}'),
    ]


def test_an_alias_names_the_former_id_and_the_user(site: NewSite, pipeline: Pipeline) -> None:
    send_segment(site, "track", _track())
    send_segment(site, "track", {"event": "Opened", "userId": "u1"})
    send_segment(site, "alias", {"previousId": "v1", "userId": "u1"})

    accepted, _ = on_the_stream(pipeline)
    by_name = {(event.name, event.identities[0].type): event.identities for event in accepted}
    (device,) = by_name["Opened", "anonymous_id"]
    (user,) = by_name["Opened", "user_id"]
    assert {device, user} <= set(by_name["alias", "user_id"])


@pytest.mark.parametrize("former", [{"anonymousId": "old"}, {"userId": "old"}])
def test_an_alias_brings_what_the_former_id_did_to_the_user(
    site: NewSite, pipeline: Pipeline, former: dict[str, str]
) -> None:
    url = "https://shop.example/?utm_source=newsletter&utm_medium=email&utm_campaign=spring"
    send_segment(site, "page", {**former, "context": {"page": {"url": url}}})
    send_segment(site, "alias", {"previousId": "old", "userId": "u1"})
    send_segment(site, "track", {"userId": "u1", "event": "Order Completed", "properties": {"revenue": "10"}})

    pipeline.drain()

    (path,) = paths_of(site)
    assert [touch.campaign for touch in path.touches] == ["spring"]


def test_a_groups_traits_name_nobody(site: NewSite, pipeline: Pipeline) -> None:
    send_segment(site, "group", {"userId": "u1", "groupId": "g1", "traits": {"email": "office@example.com"}})

    ((event,), _) = on_the_stream(pipeline)
    assert [identity.type for identity in event.identities] == ["user_id"]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"type": "nonsense", "userId": "u1"}, "type"),
        ({"userId": "u1"}, "type"),
        ({"type": "alias", "userId": "u1"}, "previousId"),
        ({"type": "group", "userId": "u1"}, "groupId"),
        ({"type": "track", "userId": "u1"}, "name"),
        ({"type": "track", "event": "Opened"}, "needs an anonymous id or a user id"),
        ({"type": "track", "event": ["Opened"], "userId": "u1"}, "event: is not a text"),
        ({"type": "track", "event": "Opened", "userId": "undefined"}, "names nobody"),
        ({"type": "alias", "previousId": "null", "userId": "u1"}, "previousId"),
        ("text", "object"),
    ],
)
def test_a_bad_message_of_a_batch_is_rejected_alone(
    site: NewSite, pipeline: Pipeline, message: object, reason: str
) -> None:
    answer = send_segment(site, "batch", {"batch": [_track(), message], "context": {"locale": "de"}})

    accepted, (rejected,) = on_the_stream(pipeline)
    (told,) = json.loads(answer["body"])["rejected"]
    assert answer["statusCode"] == 200
    assert len(accepted) == 1
    assert told["index"] == 1
    assert reason in told["reason"]
    # What is kept can be sent again as it is.
    assert json.loads(kept(rejected)) == {"batch": [message], "context": {"locale": "de"}, "position": 1}


def test_the_key_may_stand_in_the_body_and_is_never_kept(site: NewSite, pipeline: Pipeline) -> None:
    good = post("track", {**_track(), "writeKey": site.write_key})
    part = post(
        "batch", {"batch": [_track(writeKey=site.write_key), {"writeKey": site.write_key}], "writeKey": site.write_key}
    )
    bad = post("track", {"anonymousId": "v1", "writeKey": site.write_key})
    both = post("track", {"anonymousId": "v1", "writeKey": site.write_key}, **basic(site.write_key))

    accepted, rejected = on_the_stream(pipeline)
    assert [answer["statusCode"] for answer in (good, part, bad, both)] == [200, 200, 400, 400]
    assert len(accepted) == 2
    assert {event.site_id for event in rejected} == {site.site.site_id}
    assert not [event for event in rejected if site.write_key.encode() in kept(event)]


def test_a_message_sent_again_under_another_key_is_the_same_message(site: NewSite, pipeline: Pipeline) -> None:
    post("track", {**_track(messageId="m1", sentAt="2026-01-01T00:00:00Z"), "writeKey": site.write_key})
    post("track", _track(messageId="m1"), **basic(site.write_key))

    (one, other), _ = on_the_stream(pipeline)
    assert (one.event_id, one.digest) == (other.event_id, other.digest)


@pytest.mark.parametrize(
    "sending",
    [
        {"_metadata": {"nodeVersion": "20"}},
        {"integrations": {"All": False}},
        {"receivedAt": "2026-01-01T00:00:01Z"},
        {"sentAt": "2026-01-01T00:00:01Z", "_metadata": {}, "integrations": {}, "receivedAt": ""},
    ],
)
def test_message_sent_again_may_differ_in_what_it_says_of_its_sending(
    site: NewSite, pipeline: Pipeline, sending: dict[str, object]
) -> None:
    for more in ({}, sending):
        post("track", _track(messageId="m1", **more), **basic(site.write_key))
    post("batch", {"batch": [_track(messageId="m1", type="track", **sending)]}, **basic(site.write_key))

    accepted, rejected = on_the_stream(pipeline)
    assert (len(accepted), rejected) == (3, [])
    assert len({(event.event_id, event.digest) for event in accepted}) == 1


@pytest.mark.parametrize("body", [{}, {"writeKey": "wk_unknown"}, {"writeKey": 7}, {"writeKey": None}])
def test_a_request_without_a_good_key_is_refused_and_kept(
    site: NewSite, pipeline: Pipeline, body: dict[str, object]
) -> None:
    answer = post("track", {**_track(), **body})

    accepted, (rejected,) = on_the_stream(pipeline)
    assert answer["statusCode"] == 401
    assert accepted == []
    assert json.loads(kept(rejected))["event"] == "Opened"


def test_a_compressed_body_is_read(site: NewSite, pipeline: Pipeline) -> None:
    body = gzip.compress(json.dumps({"batch": [_track()] * 100, "writeKey": site.write_key}).encode())

    by_header = post("batch", body, content_encoding="gzip", **basic(site.write_key))
    by_body = post("batch", body, content_encoding="GZIP")

    accepted, rejected = on_the_stream(pipeline)
    assert by_header["statusCode"] == by_body["statusCode"] == 200
    assert (len(accepted), rejected) == (200, [])


@pytest.mark.parametrize(
    ("body", "encoding", "as_kept"),
    [
        pytest.param(b"not gzip", "gzip", b"not gzip", id="not gzip"),
        pytest.param(gzip.compress(b'{"batch": []}')[:-4], "gzip", b'{"batch": []}', id="cut off"),
        pytest.param(gzip.compress(b"{}") + b"more", "gzip", b"{}", id="more after it"),
        pytest.param(gzip.compress(b"{}") * 2, "gzip", b"{}", id="twice"),
        pytest.param(b"", "gzip", b"", id="nothing"),
        pytest.param(b"{}", "br", b"{}", id="another encoding"),
        pytest.param(b"\x8b\xff\x00", "br", b"(compressed in a way that is not understood; not kept)", id="brotli"),
    ],
)
def test_a_body_that_is_not_what_it_says_is_refused_and_kept(
    site: NewSite, pipeline: Pipeline, body: bytes, encoding: str, as_kept: bytes
) -> None:
    answer = post("batch", body, content_encoding=encoding, **basic(site.write_key))

    _, (rejected,) = on_the_stream(pipeline)
    assert answer["statusCode"] == 400
    assert kept(rejected) == as_kept
    assert rejected.site_id == site.site.site_id


def test_a_gzip_bomb_is_refused_in_bounded_time_and_memory(site: NewSite, pipeline: Pipeline) -> None:
    bomb = gzip.compress(bytes(400_000_000))
    assert len(bomb) < 500_000
    tracemalloc.start()
    started = time.process_time()
    try:
        answer = post("batch", bomb, content_encoding="gzip", **basic(site.write_key))
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    _, (rejected,) = on_the_stream(pipeline)
    assert answer["statusCode"] == 400
    assert "inflates to more than" in json.loads(answer["body"])["detail"]
    assert kept(rejected) == bytes(8_192)
    assert peak_bytes < 8_000_000
    assert time.process_time() - started < 2


def test_the_limits_are_segments(site: NewSite, pipeline: Pipeline) -> None:
    large = {"blob": "x" * 33_000}
    single = send_segment(site, "track", _track(properties=large))
    item = send_segment(site, "batch", {"batch": [_track(), _track(properties=large)]})
    batch = send_segment(site, "batch", {"batch": [_track(properties={"blob": "x" * 30_000})] * 18})
    many = send_segment(site, "batch", {"batch": [{}] * 2501})
    none = send_segment(site, "batch", {"batch": []})

    accepted, _ = on_the_stream(pipeline)
    assert [answer["statusCode"] for answer in (single, item, batch, many, none)] == [400, 200, 400, 400, 400]
    assert len(accepted) == 1
    assert "at most 32768" in single["body"]
    assert "at most 32768" in json.loads(item["body"])["rejected"][0]["reason"]
    assert "at most 512000" in batch["body"]
    assert "1 to 2500" in many["body"]


def test_a_batchs_context_lies_beneath_each_messages_own(site: NewSite, pipeline: Pipeline) -> None:
    batch = [_track(), _track(context={"userAgent": "own"})]

    send_segment(site, "batch", {"batch": batch, "context": {"userAgent": "shared", "sessionId": "s1"}})

    accepted, _ = on_the_stream(pipeline)
    assert {(event.user_agent, event.session_hint) for event in accepted} == {("shared", "s1"), ("own", "s1")}


def test_times_follow_segments_rule(site: NewSite, pipeline: Pipeline) -> None:
    now = system_clock()
    hour_ago, wrong = to_rfc3339(now - HOUR_MS), to_rfc3339(now + 3 * HOUR_MS)
    batch = [
        # Sent now by a clock three hours ahead: received - (sent - original).
        _track(messageId="skewed", timestamp=to_rfc3339(now + 2 * HOUR_MS), sentAt=wrong),
        _track(messageId="original", originalTimestamp=to_rfc3339(now + 2 * HOUR_MS), sentAt=wrong),
        # Corrected by who passed it on.
        _track(messageId="passed-on", timestamp=hour_ago, originalTimestamp=wrong, sentAt=wrong),
        _track(messageId="history", timestamp="2024-02-29T12:00:00+02:00"),
        _track(messageId="future", timestamp=to_rfc3339(now + 2 * DAY_MS)),
        _track(messageId="undated"),
    ]

    send_segment(site, "batch", {"batch": batch})

    accepted, _ = on_the_stream(pipeline)
    found = {event.event_id: event.occurred_ms for event in accepted}
    assert found["skewed"] == pytest.approx(now - HOUR_MS, abs=5_000)
    assert found["original"] == found["skewed"]
    assert found["passed-on"] == now - HOUR_MS
    assert found["history"] == 1_709_200_800_000
    assert found["future"] == pytest.approx(now, abs=5_000)
    assert found["undated"] == pytest.approx(now, abs=5_000)
