"""What attackers and broken senders post: refused or taken, in bounded time and memory, and never lost."""

import gzip
import json
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.tenancy.contracts import NewSite

from functions.collect import beacon, pixel
from tests.functional.collect.posting import basic, kept, on_the_stream, post, post_measurement
from tests.functional.pipeline import Pipeline
from tests.functional.senders import post_beacon, request, send_pixel

LONG = "x" * 10_000


@contextmanager
def _bounded(seconds: float = 3.0, megabytes: float = 60) -> Iterator[None]:
    """Fails when the block takes more processor time or memory; both are far above what it needs."""
    tracemalloc.start()
    started = time.process_time()
    try:
        yield
        taken = time.process_time() - started
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < seconds
    assert peak < megabytes * 1_000_000


def _beacon(site: NewSite, **event: object) -> dict[str, Any]:
    said = {"event_id": "v1.1", "kind": "track", "name": "n", "timestamp": to_rfc3339(system_clock())}
    return {"k": site.public_key, "events": [{**said, "anonymous_id": "v1", **event}]}


def _padded(document: dict[str, Any], size: int) -> bytes:
    """The document as JSON of exactly so many bytes."""
    raw = json.dumps({**document, "padding": ""}).encode()
    return raw[:-2] + b"x" * (size - len(raw)) + raw[-2:]


def test_a_beacon_may_have_64_kilobytes_and_not_a_byte_more(site: NewSite, pipeline: Pipeline) -> None:
    largest, larger = (_padded(_beacon(site), 64 * 1024 + more) for more in (0, 1))

    statuses = [post_beacon(body)["statusCode"] for body in (largest, larger)]

    accepted, (rejected,) = on_the_stream(pipeline)
    assert statuses == [202, 400]
    assert len(accepted) == 1
    # Its site key was not read: of a stranger, the beginning is kept.
    assert json.loads(kept(rejected))["events"] == json.loads(larger)["events"]
    assert "padding" not in json.loads(kept(rejected))


@pytest.mark.parametrize(
    "value",
    [
        b"[" * 20_000 + b"]" * 20_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"nan",
        b"'text'",
        b'"\\ud80"',
        b"01",
        b"\xff",
    ],
    ids=lambda value: value[:12].decode("latin-1"),
)
def test_json_that_has_no_one_meaning_is_refused_and_kept(site: NewSite, pipeline: Pipeline, value: bytes) -> None:
    def holding(document: dict[str, Any]) -> bytes:
        return json.dumps(document).encode().replace(b'"HERE"', value)

    with _bounded():
        answers = _answers(site, holding)

    accepted, rejected = on_the_stream(pipeline)
    assert [answer["statusCode"] for answer in answers] == [400] * 4
    assert (len(accepted), len(rejected)) == (0, 4)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (b'"\\ud800"', "\ufffd"),
        (b'"a\\udc00\\ud800b"', "a\ufffd\ufffdb"),
        (b'"\xff\xfe"', "\ufffd\ufffd"),
        (b"NaN", None),
        (b"-Infinity", None),
        (b"1e999", None),
        (b"9" * 5_000, None),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_value_that_json_does_not_know_spoils_only_itself(
    site: NewSite, pipeline: Pipeline, value: bytes, read: str | None
) -> None:
    with _bounded():
        answers = _answers(site, lambda document: json.dumps(document).encode().replace(b'"HERE"', value))

    accepted, rejected = on_the_stream(pipeline)
    assert [answer["statusCode"] for answer in answers] == [200, 200, 202, 204]
    assert (len(accepted), len(rejected)) == (5, 0)
    found = sorted((event.name, json.loads(event.properties), event.warnings) for event in accepted)
    what = "is not a finite number; left out" if read is None else "has a character that cannot be read; replaced"
    kept_properties = {} if read is None else {"x": read}
    assert found == [
        ("good", {"x": 1}, ()),
        ("login", kept_properties, (f"params.x: {what}",)),
        *[("n", kept_properties, (f"properties.x: {what}",))] * 3,
    ]


def _answers(site: NewSite, holding: Callable[[dict[str, Any]], bytes]) -> list[dict[str, Any]]:
    """What each way in answers to an event with a value that `holding` puts in place of "HERE"."""
    properties = {"properties": {"x": "HERE"}}
    event = {"event": "n", "userId": "u1", **properties}
    good = {"type": "track", "event": "good", "userId": "u1", "properties": {"x": 1}}
    single = holding(event)
    return [
        post("batch", holding({"batch": [{"type": "track", **event}, good]}), **basic(site.write_key)),
        post("track", single[:32_000] if len(single) > 32_768 else single, **basic(site.write_key)),
        post_beacon(holding(_beacon(site, **properties))),
        post_measurement(
            site.write_key, holding({"client_id": "1.2", "events": [{"name": "login", "params": {"x": "HERE"}}]})
        ),
    ]


def test_a_campaign_of_ten_thousand_characters_is_shortened(site: NewSite, pipeline: Pipeline) -> None:
    answers = [
        post("page", {"userId": "u1", "context": {"campaign": {"source": LONG}}}, **basic(site.write_key)),
        post_measurement(
            site.write_key, {"client_id": "1.2", "events": [{"name": "campaign_details", "params": {"source": LONG}}]}
        ),
    ]

    accepted, rejected = on_the_stream(pipeline)
    assert [answer["statusCode"] for answer in answers] == [200, 204]
    assert rejected == []
    assert [event.campaign.source for event in accepted if event.campaign] == [LONG[:500]] * 2
    assert {warning for event in accepted for warning in event.warnings} == {
        "context.campaign.source: shortened to 500 characters",
        "params.source: shortened to 500 characters",
    }


def test_a_long_utm_value_of_an_address_is_shortened(site: NewSite, pipeline: Pipeline) -> None:
    address = f"https://shop.example/?utm_source=nl&utm_content={LONG[:600]}"

    answers = [
        post_beacon(json.dumps(_beacon(site, url=address))),
        post("page", {"userId": "u1", "context": {"page": {"url": address}}}, **basic(site.write_key)),
        send_pixel(k=site.public_key, u=address),
    ]

    accepted, rejected = on_the_stream(pipeline)
    assert [answer["statusCode"] for answer in answers] == [202, 200, 200]
    assert [len(event.campaign.content) for event in accepted if event.campaign] == [500] * 3
    assert not rejected


def test_bombs_are_refused_wherever_compression_is_taken(site: NewSite, pipeline: Pipeline) -> None:
    bomb = gzip.compress(b"[" * 30_000_000)

    with _bounded(megabytes=8):
        answers = [
            post("track", bomb, content_encoding="gzip", **basic(site.write_key)),
            post("batch", bomb, content_encoding="gzip"),
            post_measurement(site.write_key, bomb, content_encoding="gzip"),
        ]

    _, rejected = on_the_stream(pipeline)
    assert [answer["statusCode"] for answer in answers] == [400] * 3
    # The beginning is kept of what was in it, for nobody could look at the whole.
    assert [kept(event) for event in rejected] == [b"[" * 8_192] * 3


def test_a_large_context_cannot_be_multiplied_by_many_messages(site: NewSite, pipeline: Pipeline) -> None:
    def batch(context_bytes: int, messages: int) -> dict[str, Any]:
        return {"batch": [{"type": "nonsense"}] * messages, "context": {"blob": "x" * context_bytes}}

    with _bounded(megabytes=8):
        too_large = post("batch", batch(9_000, 2_000), **basic(site.write_key))
    # 20 MB are kept of it, under a tracer of memory on a machine that may be busy.
    with _bounded(seconds=20, megabytes=120):
        largest = post("batch", batch(8_000, 2_500), **basic(site.write_key))

    _, rejected = on_the_stream(pipeline)
    assert [too_large["statusCode"], largest["statusCode"]] == [400, 400]
    assert "context" in too_large["body"]
    assert len(rejected) == 1 + 2_500


@pytest.mark.parametrize(
    ("said", "warning"),
    [
        ("u=%ED%A0%80", "u: has a character that cannot be read; replaced"),
        ("e=n&v=NaN", 'properties.value: "NaN" is not a number such as "49.90"; left out'),
        ("e=n&v=Infinity", 'properties.value: "Infinity" is not a number such as "49.90"; left out'),
        ("e=n&v=1e999", 'properties.value: "1e999" is not a number such as "49.90"; left out'),
        ("u=" + LONG, "u: shortened to 8192 characters"),
        ("e=" + LONG, "e: shortened to 200 characters"),
        ("a=" + LONG, "a: shortened to 200 characters"),
    ],
    ids=lambda said: said[:14],
)
def test_a_pixel_keeps_what_of_its_query_can_be_read(
    site: NewSite, pipeline: Pipeline, said: str, warning: str
) -> None:
    with _bounded():
        answer = pixel.handler(request("GET", "/p.gif", query=f"k={site.public_key}&{said}"), None)

    (event,), rejected = on_the_stream(pipeline)
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "image/gif")
    assert rejected == []
    assert event.warnings == (warning,)


@pytest.mark.parametrize("said", ["a=%FF%FE", "a=undefined", "u=" + LONG * 4], ids=lambda said: said[:12])
def test_a_pixel_that_names_nobody_or_is_too_large_is_a_quiet_image(
    site: NewSite, pipeline: Pipeline, said: str
) -> None:
    query = f"k={site.public_key}&{said}"

    with _bounded():
        answer = pixel.handler(request("GET", "/p.gif", query=query), None)

    accepted, (rejected,) = on_the_stream(pipeline)
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "image/gif")
    assert accepted == []
    assert query.encode().startswith(kept(rejected))


def test_compression_is_no_way_round_the_limits_of_a_beacon(site: NewSite, pipeline: Pipeline) -> None:
    bomb = gzip.compress(b"[" * 30_000_000)

    with _bounded(megabytes=8):
        answer = beacon.handler(request("POST", "/b", bomb, {"content-encoding": "gzip"}), None)

    _, (rejected,) = on_the_stream(pipeline)
    assert answer["statusCode"] == 400
    assert kept(rejected) == b"[" * 8_192
