"""What cannot be accepted is kept up to a limit; beyond it, it is answered the same and only counted."""

import base64
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from optiq.collect import api as collect
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest.contracts import IngestCounts
from optiq.collect.limits import KeepingLimits
from optiq.kernel.caller import Caller
from optiq.kernel.limits import Buckets
from optiq.tenancy.contracts import NewSite
from types_boto3_dynamodb import DynamoDBClient

from functions.collect import beacon, pixel, segment
from functions.journeys import on_events
from tests.functional.collect.posting import on_the_stream, post_measurement
from tests.functional.identity.conftest import make_token
from tests.functional.pipeline import Pipeline
from tests.functional.senders import post_beacon, post_segment, request, send_beacon, send_segment
from tests.support.counting import around_today, counts_of

_NETWORK, _SITE, _STRANGERS = 5, 12, 8


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    clock = _Clock()
    made = KeepingLimits(Buckets(1, _NETWORK, clock), Buckets(1, _SITE, clock), Buckets(1, _STRANGERS, clock))
    monkeypatch.setattr(collect, "keeping_limits", lambda: made)
    return clock


def _from(ip: str, handler: Callable[..., dict[str, Any]], event: dict[str, Any]) -> dict[str, Any]:
    event["requestContext"]["http"]["sourceIp"] = ip
    return handler(event, None)


def _strangers(number: int) -> dict[str, Any]:
    """One of the ways to send what names no site, each from a network of its own."""
    ip = f"10.{number % 250}.{number // 250}.1"
    ways: list[tuple[Callable[..., dict[str, Any]], dict[str, Any]]] = [
        (beacon.handler, request("POST", "/b", "{")),
        (beacon.handler, request("POST", "/b", json.dumps({"k": "pk_forged", "events": [{}]}))),
        (segment.handler, request("POST", "/v1/track", json.dumps({"writeKey": "wk_unknown", "event": "E"}))),
        (pixel.handler, request("GET", "/p.gif", query="k=pk_unknown")),
    ]
    handler, event = ways[number % len(ways)]
    return _from(ip, handler, event)


@pytest.mark.parametrize(
    "send",
    [
        lambda: post_beacon("{"),
        lambda: post_beacon(json.dumps({"k": "pk_forged", "events": [{}]})),
        lambda: post_segment("wk_unknown", "track", b"{}"),
        lambda: post_measurement("unknown", {"client_id": "1.2", "events": [{"name": "login"}]}),
    ],
)
def test_a_network_that_floods_gets_the_same_answer_and_leaves_others_theirs(
    send: Callable[[], dict[str, Any]], pipeline: Pipeline
) -> None:
    # WHEN one network sends garbage
    answers = [send() for _ in range(40)]

    # THEN every answer is the first one, and no more is kept than the network may have
    assert {(answer["statusCode"], answer["body"]) for answer in answers} == {
        (answers[0]["statusCode"], answers[0]["body"])
    }
    assert 400 <= answers[0]["statusCode"] < 429
    assert len(on_the_stream(pipeline)[1]) == _NETWORK

    # AND garbage of another network is kept, and says how many were not
    _from("198.51.100.1", beacon.handler, request("POST", "/b", "["))
    _, (kept,) = on_the_stream(pipeline)
    assert kept.not_kept == 40 - _NETWORK


def test_strangers_of_many_networks_are_kept_up_to_a_limit_and_all_counted(
    pipeline: Pipeline, clock: _Clock, table: DynamoDBClient
) -> None:
    before = _unclaimed()

    for number in range(200):
        assert _strangers(number)["statusCode"] in {200, 400, 401}
    clock.now += 1
    _strangers(200)
    pipeline.drain()

    after = _unclaimed()
    assert after["failed"] - before["failed"] == 201
    assert after["not_kept"] - before["not_kept"] == 200 - _STRANGERS


@pytest.mark.parametrize("redelivered", [1, 3])
def test_a_site_counts_what_its_visitors_send_wrong_and_is_told_what_is_not_kept(
    site: NewSite, pipeline: Pipeline, clock: _Clock, redelivered: int
) -> None:
    # GIVEN events with a public key that cannot be accepted, of several networks, and good ones among them
    for network in range(4):
        bad = json.dumps({"k": site.public_key, "events": [{"kind": "nonsense"}] * 10})
        answer = _from(f"203.0.{network}.1", beacon.handler, request("POST", "/b", bad))
        assert answer["statusCode"] == 400
        assert send_beacon(site, {})["statusCode"] == 202
    clock.now += 1
    _from("203.0.9.1", beacon.handler, request("POST", "/b", json.dumps({"k": site.public_key, "events": [{}]})))

    # WHEN their batches are delivered, however often
    for batch in pipeline.batches("journeys"):
        for _ in range(redelivered):
            on_events.handler(batch, None)
        pipeline.advance("journeys", batch)

    # THEN all are counted, and as many kept as a site may have
    assert counts_of(site) == IngestCounts(45, 4, 0, 41, not_kept=40 - _SITE)
    failed = ingest.failed_events(
        Caller.system(site.site.organization_id), site.site.site_id, limit=100, cursor=None
    ).items
    assert len(failed) == _SITE + 1


def test_what_a_server_sends_wrong_is_all_kept(site: NewSite, pipeline: Pipeline) -> None:
    batch = {"batch": [{"type": "track", "anonymousId": "v"}] * 30}
    assert send_segment(site, "batch", batch)["statusCode"] == 400
    for _ in range(30):
        assert send_segment(site, "track", b"{")["statusCode"] == 400
    pipeline.drain()

    assert counts_of(site) == IngestCounts(60, 0, 0, 60)
    assert (
        len(
            ingest.failed_events(
                Caller.system(site.site.organization_id), site.site.site_id, limit=100, cursor=None
            ).items
        )
        == 60
    )


def test_a_stolen_key_from_another_network_uses_up_nothing_of_its_site(site: NewSite, pipeline: Pipeline) -> None:
    """A sender that the allowlist refuses is held to what strangers are."""
    token = make_token(site, ip_allowlist=["192.0.2.0/24"])
    basic = "Basic " + base64.b64encode(f"{token['secret']}:".encode()).decode()
    for number in range(60):
        event = request("POST", "/v1/track", "{}", {"authorization": basic})
        assert _from(f"10.{number}.0.1", segment.handler, event)["statusCode"] == 403

    assert len(on_the_stream(pipeline)[1]) == _SITE
    assert send_segment(site, "track", {"userId": "u", "event": "E"})["statusCode"] == 200


def test_strangers_events_of_a_day_lie_in_several_partitions(
    pipeline: Pipeline, clock: _Clock, table: DynamoDBClient
) -> None:
    for number in range(60):
        clock.now += 1
        _strangers(number)
    pipeline.drain()

    pages = table.get_paginator("scan").paginate(TableName="optiq-test", ProjectionExpression="pk")
    found = {item["pk"]["S"] for page in pages for item in page["Items"]}
    partitions = {pk for pk in found if pk.startswith("UNCLAIMED#")}
    assert len(partitions) > 8


def _unclaimed() -> Counter[str]:
    """What strangers sent these days, by what became of it."""
    first, _ = around_today()
    days = [ingest.unclaimed_counts(first + timedelta(days=number)) for number in range(3)]
    return Counter(failed=sum(day.failed for day in days), not_kept=sum(day.not_kept for day in days))
