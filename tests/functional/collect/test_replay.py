"""Failed events replayed: taken in once, counted once, lost never, whatever is interrupted when."""

import itertools
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from optiq.collect import payloads
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest.contracts import FailedEvent
from optiq.identity import api as identity
from optiq.journeys import api as journeys
from optiq.journeys import service
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, day_of, system_clock, to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.table import TableError
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.journeys import on_events
from tests.functional.collect.posting import post_measurement
from tests.functional.pipeline import Pipeline
from tests.functional.senders import post_segment, send_beacon, send_pixel, send_segment
from tests.support.counting import counts_of
from tests.support.replaying import replay, replayed

NOBODY = "undefined"
GOOD = {"revenue": "10.00", "currency": "EUR"}


def failed(site: NewSite) -> list[FailedEvent]:
    return list(
        ingest.failed_events(Caller.system(site.site.organization_id), site.site.site_id, limit=100, cursor=None).items
    )


def counts(site: NewSite) -> tuple[int, int, int, int]:
    """Accepted, stored, duplicates, failed; what must hold of them, and of the list, is held."""
    found = counts_of(site)
    assert found.accepted == found.stored + found.duplicates + found.failed
    assert found.failed == len(failed(site))
    return found.accepted, found.stored, found.duplicates, found.failed


def orders(site: NewSite) -> int:
    return len(journeys.list_conversions(site.site.organization_id, site.site.site_id, 100, None).items)


def send_bad_order(site: NewSite, **more: object) -> None:
    send_segment(site, "track", {"userId": NOBODY, "event": "Order Completed", "properties": GOOD} | more)


def corrected(event: FailedEvent) -> dict[str, Any]:
    body = event.body.decode().replace(NOBODY, "u1").replace('["purchase"]', '"purchase"')
    return {"events": [{"failed_event_id": event.failed_event_id, "body": body}]}


def test_what_still_fails_stays_as_it_was(site: NewSite, pipeline: Pipeline) -> None:
    send_bad_order(site)
    pipeline.drain()
    before = failed(site)

    status, document = replay(site)
    pipeline.drain()

    (event,) = before
    assert status == 202
    assert (document["replayed"], document["still_failing"], document["cursor"]) == (0, 1, None)
    assert document["failures"] == [{"failed_event_id": event.failed_event_id, "reason": event.reason}]
    assert failed(site) == before
    assert counts(site) == (1, 0, 0, 1)


def test_a_corrected_body_is_taken_in_and_counted_once(site: NewSite, pipeline: Pipeline) -> None:
    send_bad_order(site)
    pipeline.drain()

    assert replayed(site, corrected(failed(site)[0])) == (1, 0)
    # Until it is taken in, it is a failed event still.
    assert counts(site) == (1, 0, 0, 1)
    pipeline.drain()

    assert counts(site) == (1, 1, 0, 0)
    assert orders(site) == 1
    assert replayed(site) == (0, 0)


def test_all_are_taken_in_after_a_change_of_ours(
    site: NewSite, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payloads, "MAX_SEGMENT_BATCH_EVENTS", 1)
    message = {"type": "track", "userId": "u1", "event": "Order Completed", "properties": GOOD}
    send_segment(site, "batch", {"batch": [message | {"messageId": "a"}, message | {"messageId": "b"}]})
    send_segment(site, "batch", {"batch": [message | {"messageId": "c"}, message | {"messageId": "a"}]})
    pipeline.drain()
    assert counts(site) == (2, 0, 0, 2)

    monkeypatch.undo()
    assert replayed(site) == (2, 0)
    pipeline.drain()

    # Two requests that were each one failed event: the first event of each takes its place, the second is one more.
    assert counts(site) == (4, 3, 1, 0)
    assert orders(site) == 3


@pytest.mark.parametrize("times", [2, 5])
def test_replayed_many_times_before_it_is_taken_in_it_is_one_event(
    site: NewSite, pipeline: Pipeline, times: int
) -> None:
    send_bad_order(site)
    pipeline.drain()
    body = corrected(failed(site)[0])

    for _ in range(times):
        assert replayed(site, body) == (1, 0)
    pipeline.drain(size=1)

    assert orders(site) == 1
    # Each replay after the first is a delivery like another: a duplicate.
    assert counts(site) == (times, 1, times - 1, 0)


def test_replayed_again_after_it_was_taken_in_it_is_none_any_more(site: NewSite, pipeline: Pipeline) -> None:
    send_bad_order(site)
    pipeline.drain()
    body = corrected(failed(site)[0])
    replayed(site, body)
    pipeline.drain()

    status, document = replay(site, body)
    pipeline.drain()

    assert (status, document["replayed"], document["still_failing"]) == (202, 0, 1)
    assert "no such failed event" in document["failures"][0]["reason"]
    assert counts(site) == (1, 1, 0, 0)


def test_two_corrections_of_one_event_make_one_event(site: NewSite, pipeline: Pipeline) -> None:
    send_bad_order(site)
    pipeline.drain()
    (event,) = failed(site)
    body = corrected(event)
    other = json.loads(json.dumps(body).replace("10.00", "12.00"))

    replayed(site, body)
    replayed(site, other)
    pipeline.drain()

    assert orders(site) == 1
    assert counts(site) == (2, 1, 0, 1)
    assert "used before" in failed(site)[0].reason


def _doors(site: NewSite) -> None:
    """One bad event of two, or alone, at every door."""
    page = {"type": "page", "userId": "u2", "messageId": "p"}
    order = {"kind": "track", "name": "Order Completed", "properties": GOOD, "anonymous_id": NOBODY}
    send_beacon(site, order, {"kind": "page"})
    send_beacon(site, order)
    send_pixel(k=site.public_key, e="Order Completed", v="10.00", c="EUR", a=NOBODY)
    send_bad_order(site, messageId="m1")
    bad = {"type": "track", "userId": NOBODY, "event": "Order Completed", "properties": GOOD}
    send_segment(
        site, "batch", {"batch": [page, bad], "context": {"page": {"url": "https://shop.example/?utm_source=x"}}}
    )
    post_measurement(site.write_key, {"client_id": "1.1", "events": [{"name": ["purchase"]}, {"name": "page_view"}]})


def test_every_door_is_read_again_by_its_own_reader(site: NewSite, pipeline: Pipeline) -> None:
    _doors(site)
    pipeline.drain()
    events = failed(site)
    assert {event.source for event in events} == {
        *("POST /b", "GET /p.gif", "POST /v1/track", "POST /v1/batch", "POST /mp/collect"),
    }
    accepted, stored, _, bad = counts(site)
    assert (accepted, stored, bad) == (9, 3, 6)

    for event in events:
        assert replayed(site, corrected(event)) == (1, 0), event
    pipeline.drain()

    assert counts(site) == (9, 9, 0, 0)
    assert orders(site) == 6


def test_a_replay_keeps_the_time_it_was_received(
    site: NewSite, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    from functions.collect import delivery

    yesterday = system_clock() - DAY_MS
    monkeypatch.setattr(delivery, "system_clock", lambda: yesterday)
    send_bad_order(site)
    pipeline.drain()
    monkeypatch.undo()

    replayed(site, corrected(failed(site)[0]))
    pipeline.drain()

    (order,) = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    assert order.occurred_ms == yesterday
    day = day_of(yesterday, ZoneInfo("UTC"))
    of_that_day = ingest.counts(Caller.system(site.site.organization_id), site.site.site_id, first=day, last=day)
    assert (of_that_day.accepted, of_that_day.stored, of_that_day.failed) == (1, 1, 0)


def test_an_id_used_before_passes_under_another_and_with_nothing_else_changed(
    site: NewSite, pipeline: Pipeline
) -> None:
    for revenue in ("1", "2"):
        message = {"userId": "u", "event": "Order Completed", "messageId": "m", "properties": {"revenue": revenue}}
        send_segment(site, "track", message | {"timestamp": to_rfc3339(system_clock())})
    pipeline.drain()
    (event,) = failed(site)
    assert event.source == "stream"
    kept = json.loads(event.body)

    def sent(**changes: object) -> tuple[int, int]:
        body = json.dumps(kept | changes)
        return replayed(site, {"events": [{"failed_event_id": event.failed_event_id, "body": body}]})

    assert replayed(site) == (0, 1)
    assert sent() == (0, 1)
    assert sent(event_id="m-2", organization_id="org_other") == (0, 1)
    assert sent(event_id="m-2", value_micros=1) == (0, 1)
    assert sent(event_id="m-2") == (1, 0)
    pipeline.drain()

    assert orders(site) == 2
    assert counts(site) == (2, 2, 0, 0)


def test_a_replay_whose_id_was_used_meanwhile_stays_failed_with_the_reason(site: NewSite, pipeline: Pipeline) -> None:
    send_bad_order(site, messageId="m")
    send_segment(site, "track", {"userId": "u9", "event": "Order Completed", "messageId": "m"})
    pipeline.drain()
    (before,) = failed(site)

    replayed(site, corrected(before))
    pipeline.drain()

    (after,) = failed(site)
    assert (after.failed_event_id, after.body) == (before.failed_event_id, before.body)
    assert "used before" in after.reason
    assert counts(site) == (2, 1, 0, 1)


def test_nobody_replays_anothers_failed_events(site: NewSite, pipeline: Pipeline) -> None:
    other = tenancy.create_site(name="Other", domains=["other.example"])
    send_bad_order(site)
    pipeline.drain()
    body = corrected(failed(site)[0])

    assert replay(site, body, as_whom=other)[0] == 404
    # Nor by naming one's own site and another's failed event.
    assert replayed(other, body) == (0, 1)
    pipeline.drain()
    assert counts(site) == (1, 0, 0, 1)
    assert counts(other) == (0, 0, 0, 0)


class _Killed(BaseException):
    """The process ends here."""


def _kill(*_: object, **__: object) -> None:
    raise _Killed


@pytest.mark.parametrize("boundary", ["record", "publish", "count"])
def test_a_consumer_killed_while_it_takes_a_replay_in_neither_loses_nor_doubles_it(
    site: NewSite, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, boundary: str
) -> None:
    send_bad_order(site)
    pipeline.drain()
    replayed(site, corrected(failed(site)[0]))
    (batch,) = pipeline.batches("journeys")

    monkeypatch.setattr(service, boundary, _kill)
    with pytest.raises(_Killed):
        on_events.handler(batch, None)
    assert counts(site) == (1, 0, 0, 1)
    monkeypatch.undo()
    on_events.handler(batch, None)
    assert counts(site) == (1, 1, 0, 0)
    # And once more after all was done, as when the process ends before it can say so.
    on_events.handler(batch, None)

    assert counts(site) == (1, 1, 0, 0)
    assert orders(site) == 1


def test_a_door_killed_after_it_put_replays_them_again_without_harm(
    site: NewSite, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_bad_order(site)
    pipeline.drain()
    body = corrected(failed(site)[0])
    stream = wiring.stream()
    put = stream.put

    def put_and_die(records: Any) -> None:
        put(records)
        raise _Killed

    monkeypatch.setattr(stream, "put", put_and_die)
    with pytest.raises(_Killed):
        replay(site, body)
    monkeypatch.undo()
    assert counts(site) == (1, 0, 0, 1)
    assert replayed(site, body) == (1, 0)
    pipeline.drain()

    assert orders(site) == 1
    assert counts(site) == (2, 1, 1, 0)


def test_nothing_is_said_to_be_replayed_while_the_stream_is_down(
    site: NewSite, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_bad_order(site)
    pipeline.drain()
    body = corrected(failed(site)[0])

    def down(_: object) -> None:
        raise UpstreamError("the stream could not be written", retryable=True)

    monkeypatch.setattr(wiring.stream(), "put", down)
    assert replay(site, body)[0] == 503
    assert counts(site) == (1, 0, 0, 1)


def test_the_first_delivery_coming_again_does_not_bring_a_replayed_event_back(
    site: NewSite, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_bad_order(site)
    (first,) = pipeline.batches("journeys")
    monkeypatch.setattr(service, "count", _kill)
    with pytest.raises(_Killed):
        on_events.handler(first, None)
    monkeypatch.undo()
    pipeline.advance("journeys", first)

    # It is kept but not counted yet, and replayed before its batch comes again.
    replayed(site, corrected(failed(site)[0]))
    pipeline.drain()
    on_events.handler(first, None)

    assert failed(site) == []
    assert orders(site) == 1


def test_more_replays_than_a_transaction_takes_are_counted_in_parts(site: NewSite, pipeline: Pipeline) -> None:
    for number in range(25):
        send_bad_order(site, messageId=f"m{number}")
    pipeline.drain()
    assert counts(site) == (25, 0, 0, 25)

    bodies = [event for one in failed(site) for event in corrected(one)["events"]]
    assert replayed(site, {"events": bodies}) == (25, 0)
    (batch,) = pipeline.batches("journeys")
    on_events.handler(batch, None)
    on_events.handler(batch, None)

    assert counts(site) == (25, 25, 0, 0)
    page = ingest.failed_events(Caller.system(site.site.organization_id), site.site.site_id, limit=20, cursor=None)
    assert (page.items, page.cursor) == ((), None)


def test_a_count_that_lost_a_race_changes_nothing(site: NewSite, pipeline: Pipeline, table: object) -> None:
    from optiq.collect.ingest import counting

    send_bad_order(site)
    pipeline.drain()
    replayed(site, corrected(failed(site)[0]))
    (batch,) = pipeline.batches("journeys")
    replayable = counting.replayable

    looks = itertools.count(1)

    def raced(*arguments: Any) -> set[str]:
        found = replayable(*arguments)
        # The first look is for usage.
        if next(looks) == 2:
            patch.undo()
            on_events.handler(batch, None)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "replayable", raced)
        with pytest.raises(TableError):
            on_events.handler(batch, None)
    on_events.handler(batch, None)

    assert counts(site) == (1, 1, 0, 0)


def test_what_was_refused_for_its_senders_sake_is_replayed_only_by_name(site: NewSite, pipeline: Pipeline) -> None:
    at = (site.site.organization_id, site.site.site_id)
    elsewhere = identity.create_token(Caller.system(at[0]), at[1], name="office", ip_allowlist=["192.0.2.0/24"])
    body = json.dumps({"userId": "u1", "event": "Order Completed", "properties": GOOD}).encode()
    assert post_segment(elsewhere.secret, "track", body)["statusCode"] == 403
    pipeline.drain()
    (event,) = failed(site)

    status, document = replay(site)
    assert (status, document["replayed"]) == (202, 0)
    assert "only by naming" in document["failures"][0]["reason"]
    assert replayed(site, {"events": [{"failed_event_id": event.failed_event_id}]}) == (1, 0)
    pipeline.drain()

    assert counts(site) == (1, 1, 0, 0)
    assert orders(site) == 1


def test_what_is_sent_to_a_paused_site_waits_until_it_is_active_again(site: NewSite, pipeline: Pipeline) -> None:
    # GIVEN a site that is paused
    ids = (site.site.organization_id, site.site.site_id)
    tenancy.change_site(tenancy.operator(ids[0]), ids[1], {"status": "PAUSED"})

    # WHEN an order comes, and is sent again too early
    send_segment(site, "track", {"userId": "u1", "event": "Order Completed", "properties": GOOD})
    pipeline.drain()
    assert replayed(site) == (1, 0)
    pipeline.drain()

    # THEN it is kept as one failed event that says why
    (waiting,) = failed(site)
    assert waiting.reason.startswith("the site is paused")
    assert (orders(site), counts(site)) == (0, (1, 0, 0, 1))

    # AND it counts once the site is active
    tenancy.change_site(tenancy.operator(ids[0]), ids[1], {"status": "ACTIVE"})
    assert replayed(site) == (1, 0)
    pipeline.drain()
    assert (orders(site), counts(site)) == (1, (1, 1, 0, 0))
