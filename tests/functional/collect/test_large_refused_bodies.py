"""What is refused for its size costs little and is kept to its beginning; a request counts for its bytes too."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from optiq.collect import api as collect
from optiq.kernel.limits import Buckets, SendingLimits
from optiq.tenancy.contracts import NewSite

from tests.functional.collect.posting import kept, on_the_stream, post_measurement
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_segment

KB = 1024
PHONE = "0151 23456789"
Send = Callable[[NewSite], dict[str, Any]]


def message(size: int, **fields: Any) -> dict[str, Any]:
    """A message of about so many bytes, with a phone number that only its name gives away."""
    phones = [{"phone": {"value": PHONE}} for _ in range(size // 39)]
    return {"type": "track", "userId": "u-1", "event": "E", "properties": {"list": phones}} | fields


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> SendingLimits:
    """A site may send 40 events at once, and the clock does not move."""
    made = SendingLimits(Buckets(1, 40, lambda: 0.0), Buckets(1, 40, lambda: 0.0))
    monkeypatch.setattr(collect, "sending_limits", lambda: made)
    return made


@pytest.mark.parametrize(
    ("send", "refused"),
    [
        (lambda site: send_segment(site, "track", message(40 * KB)), 1),
        (lambda site: send_segment(site, "track", message(900 * KB)), 1),
        (lambda site: send_segment(site, "batch", {"batch": [message(470 * KB)]}), 1),
        (lambda site: send_segment(site, "batch", {"batch": [message(500 * KB)]}), 1),
        (lambda site: send_segment(site, "batch", {"batch": [message(40 * KB)] * 11}), 11),
        (lambda site: post_measurement(site.write_key, message(140 * KB)), 1),
    ],
    ids=["message", "large message", "message of a batch", "batch", "messages of a batch", "measurement"],
)
def test_what_is_refused_for_its_size_is_kept_to_its_beginning(
    site: NewSite, pipeline: Pipeline, send: Send, refused: int
) -> None:
    answer = send(site)

    assert (answer["statusCode"], "at most" in answer["body"]) == (400, True)
    _, rejected = on_the_stream(pipeline)
    assert len(rejected) == refused
    for event in rejected:
        assert KB < len(kept(event)) < 10 * KB
        assert PHONE.encode() not in kept(event)
        assert "at most" in event.reason
        assert json.loads(kept(event))


def test_a_batch_whose_context_is_too_large_is_kept_whole_for_a_replay(site: NewSite, pipeline: Pipeline) -> None:
    batch = {"batch": [{"type": "track", "userId": "u-1", "event": "E"}] * 9, "context": {"note": "x" * 20 * KB}}

    assert send_segment(site, "batch", batch)["statusCode"] == 400

    _, (rejected,) = on_the_stream(pipeline)
    assert json.loads(kept(rejected)) == batch


@pytest.mark.parametrize(
    ("send", "events"),
    [
        (lambda site: send_segment(site, "batch", {"batch": [message(310 * KB)]}), 10),
        (lambda site: send_segment(site, "batch", {"batch": [{"note": "x" * 300 * KB}]}), 10),
        (lambda site: send_segment(site, "batch", b"{" + b" " * 310 * KB), 10),
        (lambda site: send_segment(site, "batch", b"{" + b" " * 620 * KB), 20),
        (lambda site: post_measurement(site.write_key, {"events": [{"name": "x" * 120 * KB}]}), 4),
        (lambda site: send_beacon(site, {"kind": "nothing", "title": "x" * 50 * KB}), 2),
        (lambda site: send_segment(site, "batch", {"batch": [{"type": "track"}] * 8}), 8),
    ],
    ids=["message", "nobody's", "no JSON", "too large", "measurement", "beacon", "small"],
)
def test_a_refused_request_counts_for_its_bytes(
    site: NewSite, limits: SendingLimits, pipeline: Pipeline, send: Send, events: int
) -> None:
    assert send(site)["statusCode"] == 400

    left = limits.take(site.site.organization_id, site.site.site_id, 0, shown=True)
    assert [quota.left for quota in left] == [40 - events] * 2


def test_a_batch_of_full_messages_counts_for_its_messages(site: NewSite, limits: SendingLimits) -> None:
    answer = send_segment(site, "batch", {"batch": [message(31 * KB) for _ in range(15)]})

    assert answer["statusCode"] == 200
    assert answer["headers"]["ratelimit"].startswith('"site-events";r=25;')
