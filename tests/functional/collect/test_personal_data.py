"""No address, number or secret reaches the stream, the lake or a failed event; and people stay the same people."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest.contracts import FailedEvent
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.events import Identity
from optiq.kernel.limits import sending_limits
from optiq.kernel.secrets import identity_hash
from optiq.kernel.settings import settings
from optiq.ports import wiring
from optiq.tenancy.contracts import NewSite
from pyarrow import parquet

from functions.collect import beacon, pixel
from tests.functional.collect.posting import basic, kept, on_the_stream, post, post_measurement
from tests.functional.pipeline import Pipeline
from tests.functional.senders import post_beacon, request, send_beacon, send_pixel, send_segment
from tests.support.replaying import replayed

JANE = "jane.doe+shop@mail.example"
WRITTEN = ("jane.doe", "jane.doe%2B", "mail.example", "4915123", "151 23", "203.0.113", "2001:db8", "geheim")
"""Parts of what is personal in these tests, as it may stand anywhere."""
URL = "https://shop.example/reset?email=jane.doe%2Bshop%40mail.example&token=geheim&utm_term=jane.doe%2Bshop%40mail.example"
REFERRER = "https://shop.example/u/jane.doe+shop@mail.example?next=%2Fa%3Fm%3Djane.doe%252Bshop%2540mail.example"
PROPERTIES = {
    "note": f"Write to {JANE} or call +49 151 23456789",
    "contact": {"phone": "0151 23456789", "all": [{"mail": JANE}, JANE.upper()]},
    JANE: 1,
    "password": "geheim",
    "mobile_number": 4915123456789,
    "revenue": "49.90",
    "currency": "EUR",
    "order_id": "0040151234567",
    "gtin": "4006381333931",
}


def personal(data: bytes) -> list[str]:
    text = data.decode("utf-8", "replace").lower()
    return [part for part in WRITTEN if part.lower() in text]


def hashed(site: NewSite, kind: str, value: str) -> str:
    return identity_hash(wiring.platform_secret(), site.site.organization_id, kind, value)


def everything(site: NewSite) -> None:
    """One event with all of it, at every door."""
    send_beacon(
        site,
        {"kind": "track", "name": f"Order Completed {JANE}", "url": URL, "referrer": REFERRER, "title": f"Hi {JANE}"}
        | {"properties": PROPERTIES, "user_id": JANE, "anonymous_id": JANE, "session_id": JANE},
        {"kind": "identify", "user_id": JANE, "properties": {"email": JANE, "phone": "+49 151 23456789"}},
    )
    send_pixel(k=site.public_key, e="seen", u=URL, r=REFERRER, a=JANE)
    page = {"url": URL, "referrer": REFERRER, "title": f"Hi {JANE}", "path": f"/u/{JANE}"}
    campaign = {"source": "news", "term": JANE}
    context = {
        "page": page,
        "campaign": campaign,
        "traits": {"email": JANE, "phone": "+4915123456789"},
        "ip": "203.0.113.7",
    }
    context |= {"externalIds": [{"type": "crm", "id": JANE}], "userAgent": f"Mozilla ({JANE})"}
    message = {
        "event": "Order Completed",
        "userId": JANE,
        "context": context,
        "properties": PROPERTIES,
        "messageId": JANE,
    }
    send_segment(site, "track", message)
    send_segment(site, "batch", {"batch": [message | {"type": "screen", "name": JANE}], "context": context})
    params = PROPERTIES | {
        "page_location": URL,
        "page_referrer": REFERRER,
        "page_title": JANE,
        "transaction_id": f"O-{JANE}",
    }
    of_all = {"client_id": JANE, "user_id": JANE, "ip_override": "2001:db8::7", "user_location": {"city": JANE}}
    post_measurement(site.write_key, of_all | {"events": [{"name": "purchase", "params": params}]})


def test_nothing_personal_is_on_the_stream_whatever_door_it_came_by(site: NewSite, pipeline: Pipeline) -> None:
    everything(site)

    accepted, rejected = on_the_stream(pipeline)

    assert (len(accepted), rejected) == (6, [])
    for event in accepted:
        assert personal(event.model_dump_json().encode()) == [], event
    order = next(event for event in accepted if event.properties != "{}")
    assert (order.value_micros, order.order_id) == (49_900_000, "0040151234567")
    assert json.loads(order.properties)["gtin"] == "4006381333931"


def test_the_browsers_own_name_holds_nothing_personal(site: NewSite, pipeline: Pipeline) -> None:
    agent = {"user-agent": f"Shop/1 ({JANE}; +49 151 23456789) token=abcdef"}
    body = {"k": site.public_key, "events": [{"event_id": "v1.1", "kind": "page", "anonymous_id": "v1", "url": URL}]}

    beacon.handler(request("POST", "/b", json.dumps(body), agent), None)
    pixel.handler(request("GET", "/p.gif", headers=agent, query=urlencode({"k": site.public_key, "a": "v2"})), None)

    accepted, rejected = on_the_stream(pipeline)
    assert (len(accepted), rejected) == (2, [])
    for event in accepted:
        assert personal(event.user_agent.encode()) == []
        assert event.user_agent.startswith("Shop/1 (email:")
        assert event.user_agent.endswith("token=(hidden)")


@pytest.mark.parametrize(
    "properties",
    [
        {"password": {"value": "S3CRET"}},
        {"secret": {"a": {"b": "S3CRET"}}},
        {"api_key": [{"x": "S3CRET"}]},
        *({name: "S3CRET"} for name in ("Password ", "passwordConfirm", "password_again", "otp", "sig", "JSESSIONID")),
        *({name: "S3CRET"} for name in ("X-Amz-Signature", "SAMLResponse", "bearer", "credentials")),
    ],
    ids=str,
)
def test_secret_is_hidden_whatever_it_is_made_of(
    site: NewSite, pipeline: Pipeline, properties: dict[str, object]
) -> None:
    send_beacon(site, {"kind": "track", "name": "x", "properties": properties | {"plan": "pro"}})

    (event,), _ = on_the_stream(pipeline)

    assert json.loads(event.properties) == dict.fromkeys(properties, "(hidden)") | {"plan": "pro"}
    assert [warning.rpartition(": ")[2] for warning in event.warnings] == ["a secret was hidden"]


@pytest.mark.parametrize("space", ["\u00a0", "\u202f"])
def test_phone_number_with_spaces_that_do_not_break_is_hidden(site: NewSite, pipeline: Pipeline, space: str) -> None:
    send_beacon(site, {"title": f"Call +49{space}151{space}23456789"})

    (event,), _ = on_the_stream(pipeline)

    assert event.title == f"Call phone:{hashed(site, 'phone', '+4915123456789')[:16]}"


def test_nothing_personal_is_in_the_lake(site: NewSite, pipeline: Pipeline) -> None:
    everything(site)
    pipeline.drain()

    files = Path(settings().lake).glob(f"*/org={site.site.organization_id}/*/*.parquet")
    written = [str(parquet.ParquetFile(path).read().to_pylist()).encode() for path in files]
    assert any(b"email:" in rows for rows in written)
    assert [personal(rows) for rows in written if personal(rows)] == []


def test_an_event_says_what_was_replaced_in_it(site: NewSite, pipeline: Pipeline) -> None:
    send_beacon(site, {"kind": "track", "name": "a", "url": URL, "properties": PROPERTIES})

    ((event,), _) = on_the_stream(pipeline)

    assert "url: an e-mail address was replaced by its hash" in event.warnings
    assert "url: a secret was hidden" in event.warnings
    assert "properties.contact.phone: a phone number was replaced by its hash" in event.warnings
    assert "properties.contact.all.0.mail: an e-mail address was replaced by its hash" in event.warnings
    short = hashed(site, "email", JANE)[:16]
    assert f"email=email:{short}&token=(hidden)" in event.url
    assert event.campaign is not None
    assert event.campaign.term == f"email:{short}"


def test_an_address_in_a_url_joins_nobody(site: NewSite, pipeline: Pipeline) -> None:
    send_beacon(site, {"url": URL, "anonymous_id": "v1"}, {"url": URL, "anonymous_id": "v2"})

    accepted, _ = on_the_stream(pipeline)

    assert [[one.type for one in event.identities] for event in accepted] == [["anonymous_id"]] * 2


def test_an_address_that_is_an_id_names_the_same_person_as_ever(site: NewSite, pipeline: Pipeline) -> None:
    send_segment(site, "alias", {"previousId": JANE, "userId": "u-1"})
    send_segment(site, "identify", {"userId": JANE, "traits": {"email": JANE, "phone": "0049 151 23456789"}})

    accepted, _ = on_the_stream(pipeline)
    named = {one for event in accepted for one in event.identities}

    assert named == {
        Identity(type=kind, hash=hashed(site, kind, value))
        for kind, value in (
            *(("user_id", "u-1"), ("anonymous_id", JANE), ("user_id", JANE), ("email", JANE)),
            ("phone", "+4915123456789"),
        )
    }


@pytest.mark.parametrize(
    "spelling",
    ["{}", " {} ", "\\u0068{0[1]}", "{}:anonymous_id:" + "0" * 26],
    ids=["plain", "spaces", "escaped", "two"],
)
def test_nobody_names_a_person_by_their_hash(site: NewSite, pipeline: Pipeline, spelling: str) -> None:
    form = f"hash:user_id:{hashed(site, 'user_id', 'u-1')}"
    said = spelling.replace("{0[1]}", form[1:]).replace("{}", form)
    now = to_rfc3339(system_clock())
    event = f'{{"event_id":"e","kind":"page","timestamp":"{now}","user_id":"{said}"}}'
    post_beacon(f'{{"k":"{site.public_key}","events":[{event}]}}')
    send_segment(site, "identify", {"anonymousId": "v", "traits": {"email": form.replace("user_id", "email")}})

    accepted, _ = on_the_stream(pipeline)

    hashes = [one.hash for event in accepted for one in event.identities]
    assert len(accepted) == 2
    assert hashed(site, "user_id", "u-1") not in hashes


def bad(site: NewSite) -> None:
    """Events that cannot be accepted, with all of it, at every door: whole, cut off, escaped, compressed."""
    context = {"ip": "203.0.113.7", "page": {"url": URL}, "traits": {"email": JANE, "phone": "+49 151 23456789"}}
    message = {"type": "track", "userId": JANE, "context": context, "properties": PROPERTIES, "traits": {"email": JANE}}
    for kind, body in (
        ("track", message),
        ("batch", {"batch": [message, message | {"event": "E"}], "context": context}),
    ):
        send_segment(site, kind, body)
        post(kind, body | {"writeKey": site.write_key})
    raw = json.dumps({"writeKey": site.write_key, "userId": JANE, "event": None, "context": context}).encode()
    key = site.write_key.encode()
    for body in (
        raw.replace(b"@", b"\\u0040").replace(b"wk_", b"wk\\u005f"),
        raw[:-3],
        raw[: raw.index(b"mail.example") + 5],
        b'{"phone":"0151 23456789","client_ip":"203.0.113.7","writeKey":"wk\\u005f' + key[3:30],
        b'{"writeKey":"' + key,
        b"data=" + raw.hex().encode()[:0] + b"%7B%22email%22%3A%22jane.doe%2Bshop%40mail.example%22%7D&key=" + key,
        raw.decode().encode("utf-16"),
        b"\xff" + raw,
        b"[" + raw + b"]",
        json.dumps(json.dumps(json.loads(raw))).encode(),
        json.dumps(
            {"X-Forwarded-For": "203.0.113.7, 10.0.0.1", "remote_addr": "2001:db8::1", "key": site.write_key}
        ).encode(),
    ):
        post("track", body, **basic(site.write_key))
        post("track", body)
        post_measurement(site.write_key, body)
        post_beacon(body)
    post("track", gzip.compress(raw) + b"more", content_encoding="gzip", **basic(site.write_key))
    post("track", gzip.compress(raw[:-3]), content_encoding="br")
    send_beacon(site, {"kind": "x", "user_id": JANE, "url": URL, "properties": PROPERTIES}, {"kind": "page"})
    send_pixel(k=site.public_key, e="E", a="undefined", u=URL, r=REFERRER)
    send_pixel(k=JANE, e="E", u=URL)
    post_measurement(
        site.write_key, {"client_id": JANE, "ip_override": "2001:db8::7", "events": [{"params": PROPERTIES}]}
    )


def test_no_failed_event_keeps_an_address_a_number_or_a_key(site: NewSite, pipeline: Pipeline) -> None:
    bad(site)

    _, rejected = on_the_stream(pipeline)

    assert len(rejected) > 40
    for event in rejected:
        assert personal(kept(event)) == [], (event.source, kept(event))
        assert personal(f"{event.reason} {event.user_agent}".encode()) == []
        assert site.write_key[3:30].encode() not in kept(event), kept(event)


def test_a_body_that_parsed_still_parses_and_one_without_anything_stays_to_the_byte(
    site: NewSite, pipeline: Pipeline
) -> None:
    plain = b'{ "userId": "undefined",  "event": "E", "properties": {"order_id": "0040151234567"} }'
    send_segment(site, "track", plain)
    send_segment(
        site,
        "track",
        {"userId": "undefined", "event": "E", "traits": {"email": "no address"}, "context": {"ip": "203.0.113.7"}},
    )

    _, rejected = on_the_stream(pipeline)

    # Each came to a shard of its own, so their order is chance.
    changed = [kept(event) for event in rejected if kept(event) != plain]
    assert len(rejected) == 2
    assert [json.loads(body)["context"] for body in changed] == [{"ip": "(hidden)"}]


def failed(site: NewSite) -> list[FailedEvent]:
    return list(
        ingest.failed_events(Caller.system(site.site.organization_id), site.site.site_id, limit=100, cursor=None).items
    )


@pytest.mark.parametrize(
    "names",
    [
        {"userId": JANE},
        {"anonymousId": "v-1", "traits": {"email": JANE}},
        {"anonymousId": "v-1", "context": {"traits": {"phone": "+49 151 23456789"}}},
        {"anonymousId": "v-1", "context": {"externalIds": [{"type": "crm", "id": JANE}]}},
        {"anonymousId": JANE},
    ],
    ids=["user id", "e-mail", "phone", "external id", "device"],
)
def test_a_corrected_replay_joins_the_customer_that_a_direct_send_made(
    site: NewSite, pipeline: Pipeline, names: Mapping[str, Any]
) -> None:
    # GIVEN a customer, known by an address, and an order of theirs that failed for its event's name
    send_segment(site, "track", {"event": "Seen", **names, "anonymousId": names.get("anonymousId", "v-1")})
    order = {"messageId": "m-1", "event": [], "properties": {"revenue": "10.00", "currency": "EUR"}}
    send_segment(
        site,
        "track",
        {**order, **names} | ({} if "anonymousId" not in names else {"anonymousId": names["anonymousId"]}),
    )
    pipeline.drain()
    (event,) = failed(site)
    assert personal(event.body) == []

    # WHEN its body is corrected, as it was kept
    body = json.dumps(json.loads(event.body) | {"event": "Order Completed"})
    assert replayed(site, {"events": [{"failed_event_id": event.failed_event_id, "body": body}]}) == (1, 0)
    pipeline.drain()

    # THEN it is the same customer's, and sent again directly it is a duplicate of the same event
    ids = (site.site.organization_id, site.site.site_id)
    (conversion,) = journeys.list_conversions(*ids, 10, None).items
    send_segment(site, "track", {**order, **names, "event": "Order Completed"})
    pipeline.drain()
    assert failed(site) == []
    (same,) = journeys.list_conversions(*ids, 10, None).items
    assert same.customer_id == conversion.customer_id


_PERSONAL = st.sampled_from(
    [JANE, JANE.upper(), f"to {JANE}!", "jane.doe%2Bshop%40mail.example", f"https://a.example/?m={JANE}"]
)
_NESTED = st.recursive(
    _PERSONAL | st.integers() | st.booleans() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_PERSONAL | st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def test_no_nesting_hides_an_address(site: NewSite, pipeline: Pipeline) -> None:
    @given(st.dictionaries(_PERSONAL | st.text(max_size=8), _NESTED, min_size=1, max_size=4), st.booleans())
    def attempt(properties: dict[str, Any], good: bool) -> None:
        sending_limits.cache_clear()
        send_beacon(site, {"kind": "track", "name": "a" if good else [], "properties": properties})
        send_segment(
            site, "track", {"userId": "u", "event": "a" if good else [], "properties": properties, "sentAt": []}
        )
        accepted, rejected = on_the_stream(pipeline)
        records = [event.model_dump_json().encode() for event in accepted]
        records += [event.model_dump_json().encode() + kept(event) for event in rejected]
        assert len(records) == 2
        assert [b"jane.doe" in record.lower() for record in records] == [False, False]

    attempt()
