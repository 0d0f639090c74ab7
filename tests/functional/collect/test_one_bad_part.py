"""One bad part of an event spoils only itself, at every way in; what is essential fails its own event only."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.kernel.clock import HOUR_MS, system_clock, to_rfc3339
from optiq.kernel.events import EventAccepted
from optiq.kernel.limits import sending_limits
from optiq.tenancy.contracts import NewSite

from tests.functional.collect.posting import basic, kept, on_the_stream, post, post_measurement
from tests.functional.pipeline import Pipeline
from tests.functional.senders import post_beacon, send_beacon, send_pixel, send_segment

LONG = "x" * 520
LANDING = "https://shop.example/?utm_source=newsletter&utm_medium=email&utm_campaign=spring"


def _order(**more: object) -> dict[str, Any]:
    properties = {"order_id": "A-1", "revenue": "10.00", "currency": "EUR"}
    return {"type": "track", "event": "Order Completed", "userId": "u1", "properties": properties, **more}


def _sent(site: NewSite, pipeline: Pipeline, *messages: object, **batch: object) -> list[EventAccepted]:
    """What a batch puts on the stream when all of it is accepted, in its order."""
    answer = send_segment(site, "batch", {"batch": list(messages), **batch})
    accepted, rejected = on_the_stream(pipeline)
    assert (answer["statusCode"], json.loads(answer["body"]), rejected) == (200, {"success": True}, [])
    return sorted(accepted, key=lambda event: event.position)


@pytest.mark.parametrize("said", [[], None, {}])
def test_an_empty_array_is_an_empty_object(site: NewSite, pipeline: Pipeline, said: object) -> None:
    context = {"campaign": said, "page": said, "traits": said, "externalIds": said}
    messages = [
        {"type": "track", "event": "Signed Up", "userId": "u1", "properties": said},
        {"type": "identify", "anonymousId": "a1", "userId": "u1", "traits": said},
        _order(context=said),
        _order(context=context),
    ]

    events = _sent(site, pipeline, *messages, context=said)

    assert [event.warnings for event in events] == [()] * 4
    assert [event.value_micros for event in events] == [None, None, 10_000_000, 10_000_000]
    assert events[0].properties == "{}"


def test_an_empty_array_is_an_empty_object_at_the_other_ways_in(site: NewSite, pipeline: Pipeline) -> None:
    purchase = {"transaction_id": "T1", "value": 13, "currency": "EUR"}
    send_beacon(site, {"kind": "track", "name": "n", "properties": []})
    post_measurement(site.write_key, {"client_id": "1.1", "events": [{"name": "sign_up", "params": []}]})
    post_measurement(
        site.write_key,
        {
            "client_id": "1.1",
            "user_agent": [],
            "user_location": [],
            "events": [{"name": "purchase", "params": purchase}],
        },
    )

    accepted, rejected = on_the_stream(pipeline)
    found = {event.name: event for event in accepted}
    assert rejected == []
    assert found["purchase"].value_micros == 13_000_000
    assert {name: event.warnings for name, event in found.items()} == {
        "n": (),
        "sign_up": (),
        "purchase": ("user_agent: is not a text; left out",),
    }


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        None,
        {"source": None, "medium": None, "name": None},
        {"source": "", "name": " "},
        {"source": "undefined"},
    ],
)
def test_an_empty_campaign_is_none(site: NewSite, pipeline: Pipeline, said: object) -> None:
    page = {"type": "page", "userId": "u1", "context": {"campaign": said, "page": {"url": LANDING}}}

    order, landing = _sent(site, pipeline, _order(context={"campaign": said}), page)

    assert order.campaign is None
    assert landing.campaign is not None
    assert (landing.campaign.source, landing.campaign.name) == ("newsletter", "spring")


@pytest.mark.parametrize(
    ("more", "warning"),
    [
        ({"context": {"campaign": {"content": LONG}}}, "context.campaign.content: shortened to 500 characters"),
        ({"context": {"campaign": {"name": 7.5}}}, "context.campaign.name: is not a text; left out"),
        ({"context": {"campaign": "spring"}}, "context.campaign: is not an object; left out"),
        ({"context": {"page": {"url": "x" * 9_000}}}, "context.page.url: shortened to 8192 characters"),
        ({"context": {"page": {"title": LONG}}}, "context.page.title: shortened to 500 characters"),
        ({"context": {"userAgent": ["a"]}}, "context.userAgent: is not a text; left out"),
        ({"context": {"ip": 7.5}}, "context.ip: is not a text; left out"),
        ({"context": {"externalIds": "x"}}, "context.externalIds: is not a list; left out"),
        ({"context": "x"}, "context: is not an object; left out"),
        ({"traits": "x"}, "traits: is not an object; left out"),
        ({"anonymousId": ["a"]}, "anonymousId: is not a text; left out"),
        ({"anonymousId": "a" * 300}, "anonymousId: shortened to 200 characters"),
        ({"messageId": {}}, "messageId: is not a text; left out"),
        ({"name": True}, "name: is not a text; left out"),
        ({"event": "e" * 201}, "event: shortened to 200 characters"),
        ({"sentAt": "soon"}, "sentAt: is not an instant such as 2026-01-31T09:30:00Z; left out"),
        ({"timestamp": "yesterday"}, "timestamp: is not an instant such as 2026-01-31T09:30:00Z; left out"),
        ({"timestamp": []}, "timestamp: is not an instant such as 2026-01-31T09:30:00Z; left out"),
        (
            {"timestamp": "1970-01-01T00:00:09Z"},
            "the time that was sent is before 2000 or more than a day ahead; left out",
        ),
    ],
    ids=lambda said: str(said)[:40],
)
def test_an_optional_part_that_cannot_be_read_is_a_warning(
    site: NewSite, pipeline: Pipeline, more: dict[str, Any], warning: str
) -> None:
    event, good = _sent(site, pipeline, _order(**more), _order(userId="u2"))

    assert (event.value_micros, event.order_id) == (10_000_000, "A-1")
    assert event.warnings == (warning,)
    assert good.warnings == ()


@pytest.mark.parametrize("said", ["", None, 0, "soon", [], {"a": 1}, True, "0001-01-01T00:00:00Z"])
def test_an_odd_sent_at_spoils_no_batch(site: NewSite, pipeline: Pipeline, said: object) -> None:
    hour_ago = system_clock() - HOUR_MS

    (event,) = _sent(site, pipeline, _order(timestamp=to_rfc3339(hour_ago)), sentAt=said)
    beacon = {"event_id": "v1.1", "kind": "page", "anonymous_id": "v1"}
    answer = post_beacon(json.dumps({"k": site.public_key, "sent_at": said, "events": [beacon]}))

    assert event.occurred_ms == hour_ago
    assert answer["statusCode"] == 202
    assert bool(event.warnings) == (said not in ("", None))
    ((visit,), _) = on_the_stream(pipeline)
    assert bool(visit.warnings) == (said not in ("", None))


def test_ids_that_are_too_long_stay_different_and_the_same(site: NewSite, pipeline: Pipeline) -> None:
    one, again, other = ({"userId": "u" * 300 + end, "messageId": "m" * 300 + end} for end in "112")

    events = _sent(site, pipeline, *(_order(**ids) for ids in (one, again, other)))

    assert events[0].identities == events[1].identities != events[2].identities
    assert events[0].event_id == events[1].event_id != events[2].event_id


@pytest.mark.parametrize("unit", [0.001, 1, 1_000, 1_000_000])
@pytest.mark.parametrize("form", [int, str])
def test_a_time_in_another_unit_is_read_as_what_it_is(
    site: NewSite, pipeline: Pipeline, unit: float, form: type
) -> None:
    then = (system_clock() - HOUR_MS) // 1_000 * 1_000
    said = form(int(then * unit))
    post_measurement(site.write_key, {"client_id": "1.1", "timestamp_micros": said, "events": [{"name": "login"}]})
    ((login,), _) = on_the_stream(pipeline)

    (order, passed_on) = _sent(site, pipeline, _order(timestamp=said), _order(originalTimestamp=said))

    assert [login.occurred_ms, order.occurred_ms, passed_on.occurred_ms] == [then] * 3


@pytest.mark.parametrize("said", [0, 1, -1, "0", "yesterday", {}, 20_000, "1970-01-01T00:00:00Z", True])
def test_no_event_is_filed_under_1970(site: NewSite, pipeline: Pipeline, said: object) -> None:
    before = system_clock()
    send_beacon(site, {"timestamp": said})
    post_measurement(site.write_key, {"client_id": "1.1", "events": [{"name": "login", "timestamp_micros": said}]})
    send_segment(site, "track", _order(timestamp=said))

    accepted, rejected = on_the_stream(pipeline)
    assert (len(accepted), rejected) == (3, [])
    assert all(before <= event.occurred_ms <= system_clock() for event in accepted)
    assert all(event.clock_corrected and event.warnings for event in accepted)


@pytest.mark.parametrize(
    "agent",
    [
        "okhttp/4.12.0",
        "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Go-http-client/2.0",
        "curl/8",
        "Googlebot/2.1",
    ],
)
def test_an_event_says_whether_a_secret_key_came_with_it(site: NewSite, pipeline: Pipeline, agent: str) -> None:
    (order,) = _sent(site, pipeline, _order(context={"userAgent": agent}))
    post_measurement(site.write_key, {"client_id": "1.1", "user_agent": agent, "events": [{"name": "login"}]})
    ((login,), _) = on_the_stream(pipeline)
    send_beacon(site, {})
    send_pixel(k=site.public_key)
    visits, _ = on_the_stream(pipeline)

    assert (order.from_server, login.from_server) == (True, True)
    assert [visit.from_server for visit in visits] == [False, False]
    assert (order.user_agent, order.value_micros) == (agent, 10_000_000)


def test_an_event_says_its_place_in_its_request(site: NewSite, pipeline: Pipeline) -> None:
    names = ["a", "b", "c", "d"]
    _sent(site, pipeline, *(_order(event=name) for name in names))
    send_segment(site, "batch", {"batch": [_order(event=name) for name in ("a", "b", "", "d")]})
    post_measurement(site.write_key, {"client_id": "1.1", "events": [{"name": name} for name in names]})
    send_beacon(site, *({"kind": "track", "name": name} for name in names))
    send_pixel(k=site.public_key, e="a")

    accepted, (rejected,) = on_the_stream(pipeline)
    found = [(event.name, event.position) for event in accepted]
    whole = list(zip(names, range(4), strict=True))
    assert sorted(found) == sorted([("a", 0), ("b", 1), ("d", 3), *whole, *whole, ("a", 0)])
    assert json.loads(kept(rejected))["position"] == 2


@pytest.mark.parametrize(
    "said", ["undefined", "null", "(not set)", "{{user.id}}", "00000000-0000-0000-0000-000000000000"]
)
def test_a_placeholder_joins_nobody(site: NewSite, pipeline: Pipeline, said: str) -> None:
    answer = send_segment(site, "batch", {"batch": [_order(userId=said), _order(userId=said, anonymousId="a1")]})

    (event,), (rejected,) = on_the_stream(pipeline)
    assert [identity.type for identity in event.identities] == ["anonymous_id"]
    assert "names nobody" in rejected.reason
    assert json.loads(answer["body"])["rejected"][0]["index"] == 0


@pytest.mark.parametrize("said", ["undefined", "null", "{{event.id}}", "[object Object]"])
def test_an_id_that_all_events_of_a_sender_have_is_none(site: NewSite, pipeline: Pipeline, said: str) -> None:
    one, other = _sent(site, pipeline, _order(messageId=said), _order(messageId=said, userId="u2"))

    assert one.event_id != other.event_id
    assert len(one.warnings) == 1


def test_an_event_has_a_bounded_number_of_short_warnings(site: NewSite, pipeline: Pipeline) -> None:
    body = json.dumps(_order(properties={"k" * 300 + str(n): "HERE" for n in range(60)})).replace('"HERE"', "NaN")
    post("track", body.encode(), **basic(site.write_key))

    ((event,), _) = on_the_stream(pipeline)
    assert len(event.warnings) == 20
    assert max(map(len, event.warnings)) == 200
    assert event.warnings[-1].startswith("and ")


_JUNK = st.sampled_from(
    [
        *([], {}, [1], {"a": []}, True, False, 7.5, -1, 10**25, "x" * 3_000, "\ud800", "NaN", 0, "", None, "{{x}}"),
        *("ünï", float("nan"), float("inf"), [[]], {"0": {"0": 1}}),
    ]
)
_OPTIONAL = [
    *(("context",), ("context", "page"), ("context", "campaign"), ("context", "userAgent"), ("context", "ip")),
    *(("context", "campaign", "term"), ("context", "page", "title"), ("context", "traits"), ("context", "externalIds")),
    *(("sentAt",), ("timestamp",), ("traits",), ("groupId",), ("previousId",), ("name",), ("anonymousId",)),
    *(("properties", "color"), ("properties", "products"), ("properties", "order_id"), ("nonsense",)),
]


def _with(message: dict[str, Any], path: tuple[str, ...], junk: Any) -> dict[str, Any]:
    changed = copy.deepcopy(message)
    holder = changed
    for part in path[:-1]:
        holder = holder.setdefault(part, {})
        if not isinstance(holder, dict):
            return message
    holder[path[-1]] = junk
    return changed


def test_junk_in_optional_fields_changes_nothing_else(site: NewSite, pipeline: Pipeline) -> None:
    clean = [
        _order(userId=f"u{n}", messageId=f"m{n}", properties={"revenue": f"{n}.00", "currency": "EUR"})
        for n in range(4)
    ]

    def essentials(messages: list[dict[str, Any]]) -> list[tuple[object, ...]]:
        sending_limits.cache_clear()
        answer = post("batch", json.dumps({"batch": messages}).encode(), **basic(site.write_key))
        accepted, rejected = on_the_stream(pipeline)
        assert (answer["statusCode"], rejected) == (200, [])
        return sorted(
            (e.event_id, e.position, e.name, e.identities[0].hash, e.value_micros, e.currency, e.from_server)
            for e in accepted
        )

    expected = essentials(clean)

    @given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(_OPTIONAL), _JUNK), min_size=1, max_size=8))
    def attempt(changes: list[tuple[int, tuple[str, ...], Any]]) -> None:
        messages = list(clean)
        for index, path, junk in changes:
            messages[index] = _with(messages[index], path, junk)
        assert essentials(messages) == expected

    attempt()
