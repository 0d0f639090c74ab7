"""Whatever is sent to collection: it is answered, kept whole or taken in, and what is taken in can be stored.

OPTIQ_FUZZ_EXAMPLES says how hard to try (tests/support/examples.py).
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.kernel.limits import sending_limits
from optiq.tenancy.contracts import NewSite

from functions.collect.segment import PATHS as SEGMENT_PATHS
from tests.functional.collect.posting import basic, kept, on_the_stream, post, post_measurement
from tests.functional.fuzz.bodies import BEACON, MEASUREMENT, SEGMENT_BATCH, SEGMENT_MESSAGE, bodies
from tests.functional.pipeline import Pipeline
from tests.functional.senders import post_beacon, send_pixel
from tests.support.counting import counts_of


@pytest.fixture
def consumer(table: object) -> Pipeline:
    return Pipeline()


@pytest.fixture
def reader(table: object) -> Pipeline:
    return Pipeline()


def _check(answer: dict[str, Any], reader: Pipeline) -> tuple[int, int]:
    """Holds an answer to what was put on the stream for it; returns how many events were accepted and rejected."""
    sending_limits.cache_clear()
    accepted, rejected = on_the_stream(reader)
    status = answer["statusCode"]
    told = json.loads(answer["body"]) if answer["body"].startswith("{") else {}
    assert status in {200, 202, 204, 400, 401}
    assert isinstance(answer["body"].encode(), bytes)
    if status >= 400:
        assert not accepted
        assert rejected
        assert told["detail"]
    else:
        assert accepted
        assert len(told.get("rejected", [])) == len(rejected)
        assert told.get("accepted", len(accepted)) == len(accepted)
    for event in accepted:
        json.loads(event.properties)
    for failure in rejected:
        assert failure.reason
    return len(accepted), len(rejected)


def _stored(site: NewSite, consumer: Pipeline, sent: list[tuple[int, int]]) -> None:
    """Takes everything into the histories, and compares the counts of the site with what was sent."""
    consumer.drain()
    counts = counts_of(site)
    assert counts.accepted == counts.stored + counts.duplicates + counts.failed
    assert counts.accepted == sum(accepted + rejected for accepted, rejected in sent)


def test_segment_messages(site: NewSite, reader: Pipeline, consumer: Pipeline) -> None:
    sent = []

    @given(st.sampled_from(SEGMENT_PATHS), bodies(SEGMENT_MESSAGE))
    def attempt(name: str, body: bytes) -> None:
        outcome = _check(post(name, body, **basic(site.write_key)), reader)
        sent.append(outcome)
        assert name in ("batch", "b", "import") or sum(outcome) == 1

    attempt()
    _stored(site, consumer, sent)


def test_segment_batches(site: NewSite, reader: Pipeline, consumer: Pipeline) -> None:
    sent = []

    @given(bodies(SEGMENT_BATCH))
    def attempt(body: bytes) -> None:
        outcome = _check(post("batch", body, **basic(site.write_key)), reader)
        sent.append(outcome)
        assert sum(outcome) == 1 or sum(outcome) == _items(body, "batch")

    attempt()
    _stored(site, consumer, sent)


def test_beacons(site: NewSite, reader: Pipeline, consumer: Pipeline) -> None:
    sent = []

    @given(bodies(BEACON.map(lambda beacon: {"k": site.public_key, **beacon})))
    def attempt(body: bytes) -> None:
        outcome = _check(post_beacon(body), reader)
        sent.append(outcome)
        assert sum(outcome) == 1 or sum(outcome) == _items(body, "events")

    attempt()
    consumer.drain()


def test_measurements(site: NewSite, reader: Pipeline, consumer: Pipeline) -> None:
    sent = []

    @given(bodies(MEASUREMENT))
    def attempt(body: bytes) -> None:
        outcome = _check(post_measurement(site.write_key, body), reader)
        sent.append(outcome)
        assert sum(outcome) == 1 or sum(outcome) == _items(body, "events")

    attempt()
    _stored(site, consumer, sent)


def test_what_cannot_be_read_is_kept_to_the_byte(site: NewSite, reader: Pipeline) -> None:
    @given(st.binary(max_size=300), st.sampled_from(["", "gzip", "br"]))
    def attempt(body: bytes, encoding: str) -> None:
        post("batch", body, content_encoding=encoding, **basic(site.write_key))
        _, (rejected,) = on_the_stream(reader)
        # What may be an address is hidden, and of what says it is compressed only what can be looked at is kept.
        looked_at = b"@" in body or b":" in body or b"\x00" in body
        assert kept(rejected) == body or looked_at or encoding
        sending_limits.cache_clear()

    attempt()


def test_pixels_are_always_the_image(site: NewSite, reader: Pipeline) -> None:
    text = st.text(max_size=30) | st.sampled_from(
        ["x" * 300, "x" * 9_000, "https://a.example/?utm_source=" + "x" * 600]
    )

    @given(st.dictionaries(st.sampled_from("keuravc"), text), st.booleans())
    def attempt(parameters: dict[str, str], known: bool) -> None:
        answer = send_pixel(**{**parameters, **({"k": site.public_key} if known else {})})
        accepted, rejected = on_the_stream(reader)
        assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "image/gif")
        assert len(accepted) + len(rejected) == 1
        sending_limits.cache_clear()

    attempt()


def _items(body: bytes, name: str) -> int:
    found = json.loads(body.decode("utf-8", "surrogateescape"), strict=False).get(name)
    return len(found) if isinstance(found, list) else 0
