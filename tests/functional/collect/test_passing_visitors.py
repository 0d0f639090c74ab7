"""Beacons that name nobody, as in cookieless mode: their visitor is known for a day, and linked to nobody."""

import json
from typing import Any

import pytest
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.events import EventAccepted
from optiq.tenancy.contracts import NewSite

from functions.collect import beacon
from tests.functional.collect.posting import on_the_stream
from tests.functional.paths import paths_of
from tests.functional.pipeline import Pipeline
from tests.functional.senders import request, send_beacon
from tests.support.counting import counts_of

PAGE = {"anonymous_id": "", "url": "https://shop.example/?utm_source=news&utm_medium=email"}


def _accepted(pipeline: Pipeline) -> list[EventAccepted]:
    accepted, rejected = on_the_stream(pipeline)
    assert rejected == []
    return accepted


def _send_from(address: str, site: NewSite, event: dict[str, Any]) -> None:
    complete = {"kind": "page", "timestamp": to_rfc3339(system_clock())} | event
    posted = request("POST", "/b", json.dumps({"k": site.public_key, "events": [complete]}))
    posted["requestContext"]["http"]["sourceIp"] = address
    assert beacon.handler(posted, None)["statusCode"] == 202


def test_events_without_an_id_belong_to_one_visitor_of_the_day(site: NewSite, pipeline: Pipeline) -> None:
    send_beacon(site, PAGE | {"event_id": "e1"}, PAGE | {"event_id": "e2"})
    send_beacon(site, PAGE | {"event_id": "e3"})

    events = _accepted(pipeline)

    assert len({event.identities for event in events}) == 1
    assert [identity.type for identity in events[0].identities] == ["passing_id"]


def test_their_ids_stay_apart_and_need_no_claim(site: NewSite, pipeline: Pipeline) -> None:
    # Given the same event id from two such visitors, and from one with an id
    send_beacon(site, PAGE | {"event_id": "e1"})
    _send_from("198.51.100.7", site, PAGE | {"event_id": "e1"})
    send_beacon(site, PAGE | {"event_id": "e1", "anonymous_id": "v1"})

    events = _accepted(pipeline)

    assert len({event.event_id for event in events}) == 3
    assert len({event.identities for event in events}) == 3
    assert sorted(event.own_id for event in events) == [False, True, True]


def test_event_sent_again_is_stored_once(site: NewSite, pipeline: Pipeline) -> None:
    event = PAGE | {"event_id": "e1", "timestamp": to_rfc3339(system_clock())}
    send_beacon(site, event)
    send_beacon(site, event)
    pipeline.drain()

    counts = counts_of(site)
    assert (counts.accepted, counts.stored, counts.duplicates, counts.failed) == (2, 1, 1, 0)


@pytest.mark.parametrize("who", [{"user_id": "u1"}, {"kind": "identify", "properties": {"email": "ada@shop.example"}}])
def test_who_is_named_is_not_the_visitor_of_the_day(site: NewSite, pipeline: Pipeline, who: dict[str, Any]) -> None:
    send_beacon(site, PAGE | {"event_id": "e1"})
    send_beacon(site, PAGE | {"event_id": "e2"} | who)

    passing, named = sorted(_accepted(pipeline), key=lambda event: event.event_id[-2:])

    assert not set(passing.identities) & set(named.identities)
    assert "passing_id" not in {identity.type for identity in named.identities}


def test_sale_to_such_a_visitor_is_credited(site: NewSite, pipeline: Pipeline) -> None:
    send_beacon(site, PAGE)
    send_beacon(site, {"anonymous_id": "", "kind": "track", "name": "purchase", "properties": {"value": 5}})
    pipeline.drain()

    (path,) = paths_of(site)
    assert [touch.channel for touch in path.touches] == ["Email"]
