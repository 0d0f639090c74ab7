"""Exactly what was sent is accounted for, and nothing is acknowledged that is not durable."""

import json
import sqlite3
from typing import Any

import pytest
from optiq.collect.ingest import api as ingest
from optiq.kernel.caller import Caller
from optiq.ports.stream_log import LogStream
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.collect.posting import post_measurement
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_pixel, send_segment
from tests.support.counting import counts_of

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


def test_a_thousand_good_and_ten_bad_events_are_exactly_that(site: NewSite) -> None:
    pipeline = Pipeline()
    bad: list[Any] = [
        {"type": "track", "anonymousId": "v"},
        {"type": "track", "event": "E"},
        {"type": "nonsense", "event": "E", "anonymousId": "v"},
        {"type": "alias", "previousId": "undefined", "userId": "u"},
        {"type": "group", "groupId": [], "userId": "u"},
        {"type": "track", "event": "E", "anonymousId": "[object Object]"},
        {"type": ["track"], "event": "E", "anonymousId": "v"},
        {"type": "track", "event": ["E"], "anonymousId": "v"},
        "not an object",
        None,
    ]
    good = [{"type": "track", "event": "E", "anonymousId": f"v{n % 40}", "messageId": f"m{n}"} for n in range(1000)]
    for part in range(10):
        batch = [*good[part * 100 : part * 100 + 60], bad[part], *good[part * 100 + 60 : part * 100 + 100]]
        answer = send_segment(site, "batch", {"batch": batch})
        assert answer["statusCode"] == 200
        assert [rejection["index"] for rejection in json.loads(answer["body"])["rejected"]] == [60]

    pipeline.drain()

    counts = counts_of(site)
    assert (counts.accepted, counts.stored, counts.duplicates, counts.failed) == (1010, 1000, 0, 10)
    failed = ingest.failed_events(
        Caller.system(site.site.organization_id), site.site.site_id, limit=20, cursor=None
    ).items
    assert len(failed) == 10
    assert all(event.reason and event.body for event in failed)


def test_a_stream_that_is_down_is_a_503_for_everybody(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: LogStream, records: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(LogStream, "write", broken)

    answers = [
        send_beacon(site, {"url": "https://shop.example/"}),
        send_segment(site, "track", {"event": "E", "anonymousId": "v"}),
        send_segment(site, "track", {"event": "", "anonymousId": "v"}),
        send_pixel(k=site.public_key),
        post_measurement(site.write_key, {"client_id": "1.2", "events": [{"name": "login"}]}),
        post_measurement(site.write_key, b"{"),
        send_beacon(site, {"kind": "nonsense"}),
    ]

    assert [answer["statusCode"] for answer in answers] == [503] * 7
    assert answers[0]["headers"]["retry-after"] == "1"
    # The pixel never breaks a page: it is an image even then.
    assert answers[3]["headers"]["content-type"] == "image/gif"
