"""Stored events are counted exactly, whatever is killed and delivered again. Cases 11, 19 and 20."""

import random
from collections.abc import Sequence

import pytest
from optiq.billing.usage.contracts import StoredEvent
from optiq.billing.usage.counting import Known, count
from optiq.billing.usage.marking import marked_shards, put_marks
from optiq.billing.usage.reading import HourOfToken, counted, hours_of
from optiq.collect.ingest import api as ingest
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, from_rfc3339, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.tenancy.contracts import NewSite

from functions.journeys import on_events
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment
from tests.performance.metering import Meter
from tests.support.replaying import replayed

pytestmark = pytest.mark.usefixtures("table")
NOON = from_rfc3339("2026-03-02T12:00:00Z")


def _events(numbers: range, at_ms: int = NOON, site_id: str = "site_a", token_id: str = "") -> list[StoredEvent]:
    return [StoredEvent(number, site_id, at_ms, token_id) for number in numbers]


def _all(organization_id: str, at_ms: int = NOON) -> list[HourOfToken]:
    return hours_of(organization_id, at_ms - 2 * DAY_MS, at_ms + 2 * DAY_MS)


def _sum(organization_id: str) -> int:
    return sum(one.events for one in _all(organization_id))


def test_batches_count_once_when_each_is_cut_killed_and_delivered_again(organization_id: str) -> None:
    """Case 19: of 10,000 events 137 are duplicates and 42 fail. What is killed begins anew without what it knew."""
    chance = random.Random(19)
    free = set(chance.sample(range(10_000), 137 + 42))
    paid = [one for one in _events(range(10_000)) if one.sequence not in free]
    known, position = Known(), 0
    while position < len(paid):
        batch = paid[position : position + chance.randint(1, 1_000)]
        for _ in range(2):
            whole = len(batch) if chance.random() < 0.5 else chance.randint(1, len(batch))
            count(organization_id, "shard-0", batch[:whole], Known() if chance.random() < 0.3 else known)
        count(organization_id, "shard-0", batch, known)
        position += len(batch)
    assert _sum(organization_id) == 9_821


def test_count_fails_when_another_consumer_writes_the_item_at_the_same_time(
    organization_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optiq.billing.usage.counting.put_one", lambda put: False)
    with pytest.raises(UpstreamError) as raised:
        count(organization_id, "shard-0", _events(range(3)), Known())
    assert raised.value.retryable


def test_eight_shards_write_an_item_a_day_each_and_once_a_batch(organization_id: str) -> None:
    """Case 20: 5,000 events a second for a minute. Eight shards take turns, and no condition is lost."""
    known, meter, batches = Known(), Meter(), 0
    with meter:
        for start in range(0, 37_500, 1_250):
            for shard in range(8):
                count(organization_id, f"shard-{shard}", _events(range(start, start + 1_250)), known)
                batches += 1
    assert _sum(organization_id) == 300_000
    assert meter.write_units == batches
    # The first batch of a shard reads the item, every other knows it.
    assert meter.calls == batches + 8


def test_events_count_in_the_hour_they_are_received(organization_id: str) -> None:
    """Case 11: 13:59:59.999 is before a period that begins at 14:37:12; 14:10 and 14:50 are in it."""
    start_ms = from_rfc3339("2026-03-28T14:37:12Z")
    for number, instant in enumerate(("13:59:59.999", "14:10:00.000", "14:50:00.000")):
        at_ms = from_rfc3339(f"2026-03-28T{instant}Z")
        count(organization_id, "shard-0", _events(range(number, number + 1), at_ms), Known())
    found = _all(organization_id, start_ms)
    hour_ms = start_ms - start_ms % HOUR_MS
    assert counted(found, hour_ms, start_ms + DAY_MS).events == 2
    assert counted(found, 0, hour_ms).events == 1


def test_sites_and_tokens_sum_to_the_hours(organization_id: str) -> None:
    mixed: Sequence[StoredEvent] = (
        *_events(range(5), site_id="site_a"),
        *_events(range(5, 12), NOON + HOUR_MS, site_id="site_b", token_id="tok_1"),
        *_events(range(12, 14), NOON + DAY_MS, site_id="site_b"),
    )
    count(organization_id, "shard-0", mixed, Known())
    found = counted(_all(organization_id), 0, NOON * 2)
    assert found.hours == {NOON: 5, NOON + HOUR_MS: 7, NOON + DAY_MS: 2}
    assert found.sites == {"site_a": 5, "site_b": 9}
    assert found.tokens == {"": 7, "tok_1": 7}


def test_sites_beyond_a_thousand_of_a_day_are_counted_together(organization_id: str) -> None:
    stored = [StoredEvent(number, f"site_{number % 1_200}", NOON) for number in range(2_400)]
    count(organization_id, "shard-0", stored[:1_500], Known())
    count(organization_id, "shard-0", stored, Known())
    found = counted(_all(organization_id), 0, NOON * 2)
    assert (found.events, len(found.sites), found.sites[""], found.sites["site_999"]) == (2_400, 1_001, 400, 2)


def _track(site: NewSite, message_id: str, **more: object) -> None:
    send_segment(site, "track", {"messageId": message_id, "anonymousId": "v1", "event": "E"} | more)


def _used(site: NewSite) -> int:
    now_ms = system_clock()
    return sum(one.events for one in hours_of(site.site.organization_id, now_ms - DAY_MS, now_ms + DAY_MS))


def test_consumer_counts_stored_events_and_neither_duplicates_nor_failed_ones(
    site: NewSite, pipeline: Pipeline
) -> None:
    for message_id in ("a", "b", "a", "c"):
        _track(site, message_id)
    _track(site, "bad", event="")
    for event in pipeline.batches("journeys"):
        for _ in range(2):
            on_events.handler(event, None)
    assert _used(site) == 3


def test_failed_event_counts_once_when_it_is_replayed_twice(site: NewSite, pipeline: Pipeline) -> None:
    send_segment(site, "track", {"userId": "undefined", "event": "E"})
    pipeline.drain()
    assert _used(site) == 0
    (event,) = ingest.failed_events(Caller.system(site.site.organization_id), site.site.site_id).items
    body = event.body.decode().replace("undefined", "u1")
    for _ in range(2):
        replayed(site, {"events": [{"failed_event_id": event.failed_event_id, "body": body}]})
    for batch in pipeline.batches("journeys", size=1):
        on_events.handler(batch, None)
    pipeline.drain()
    assert _used(site) == 1


def test_marks_are_noted_once_all_before_them_is_counted(site: NewSite, pipeline: Pipeline) -> None:
    for message_id in ("a", "b", "c"):
        _track(site, message_id)
    shards = put_marks(site.site.organization_id, NOON)
    _track(site, "after")
    assert marked_shards(site.site.organization_id, NOON) == set()
    pipeline.drain()
    assert len(shards) == 2
    assert marked_shards(site.site.organization_id, NOON) == set(shards)
    assert marked_shards(site.site.organization_id, NOON + DAY_MS) == set()
    assert _used(site) == 4
