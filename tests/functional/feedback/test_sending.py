"""Conversions are told once, whatever happens on the way (design: ads.md, cases 18, 19 and 21)."""

from dataclasses import replace

import pytest
from optiq.feedback import api as feedback
from optiq.feedback.match_keys.contracts import Match
from optiq.feedback.outbox import bodies
from optiq.feedback.outbox.stores import BATCHES

from infra.local.ad_platforms.server import Fault
from infra.local.ad_platforms.world import Heard, Reply
from tests.functional.feedback.telling import EMAIL, NAMES, PATHS, Telling


def test_purchase_is_told_with_hashed_keys_and_its_value(telling: Telling) -> None:
    meta = telling.destination(value_percent=40)
    sold = telling.told("A1", 49.90)

    telling.send(meta)

    (body,) = telling.bodies()
    (event,) = body["data"]
    assert (event["event_name"], event["event_id"], event["action_source"]) == ("Purchase", "event-A1", "website")
    assert event["custom_data"] == {"value": 19.96, "currency": "EUR", "order_id": "A1"}
    assert event["user_data"]["em"] == [EMAIL]
    entry = telling.entry(meta, sold)
    assert (entry.status, entry.attempts, entry.trace, entry.over) == ("ACCEPTED", 1, "Ad", True)
    assert entry.found_by == ("email", "browser")
    assert telling.vendors.world.feedback.count() == 1


def test_conversion_is_told_once_when_the_answer_is_lost_and_the_worker_dies(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case 18."""
    meta = telling.destination()
    sold = telling.told("A1")
    telling.record(sold, sold)
    telling.vendors.faults.append(Fault("/events", "drop"))

    telling.send(meta)
    telling.later(2)
    telling.send(meta)

    first, second = (one.raw for one in telling.vendors.asked("/events"))
    assert first == second
    entry = telling.entry(meta, sold)
    assert (entry.status, entry.attempts, len(telling.entries(meta, sold))) == ("ACCEPTED", 2, 1)
    assert telling.vendors.world.feedback.count() == 1
    batch = BATCHES.find(telling.organization_id, telling.site_id, meta.destination_id, entry.batch_id)
    assert batch
    assert (batch.status, batch.digest == entry.digest, bodies.body_of(batch)) == ("CLOSED", True, None)


def test_conversion_is_unknown_when_a_resend_comes_after_the_platform_forgot_it(telling: Telling) -> None:
    """Case 18."""
    meta = telling.destination()
    sold = telling.told("A1")
    telling.vendors.faults.append(Fault("/events", "drop"))
    telling.send(meta)

    telling.later(48 * 60)
    telling.send(meta)

    assert len(telling.bodies()) == 1
    entry = telling.entry(meta, sold)
    assert (entry.status, entry.reason, entry.over) == ("UNKNOWN", "NO_ANSWER", True)
    assert telling.vendors.world.feedback.count() == 1


@pytest.mark.parametrize("platform", ["META", "TIKTOK"])
def test_browsers_pixel_with_the_same_id_is_the_same_conversion(telling: Telling, platform: str) -> None:
    """Case 18."""
    destination = telling.destination(platform, vendor_ids="ORDER_ID")
    telling.told("A1")
    vendor = {"META": "meta", "TIKTOK": "tiktok"}[platform]
    told = telling.vendors.world.feedback
    told.hear(vendor, destination.target, NAMES[platform], {}, "A1", 100.0, telling.clock())

    telling.send(destination)

    assert (told.count(), [one.received for one in told.told.values()]) == (1, [2])


@pytest.mark.parametrize(("size", "calls"), [(16, 9), pytest.param(1_000, 21, marks=pytest.mark.slow)])
def test_one_bad_event_is_found_and_the_others_are_taken(telling: Telling, size: int, calls: int) -> None:
    """Case 19."""
    meta = telling.destination()
    sold = [telling.convert(f"A{number}") for number in range(size)]
    telling.record(*sold)
    telling.vendors.world.feedback.refused = {"event-A7"}

    telling.send(meta)

    assert len(telling.bodies()) <= calls
    entries = [telling.entry(meta, one) for one in sold]
    assert [one.vendor_id for one in entries if one.status == "REJECTED"] == ["event-A7"]
    assert sum(one.status == "ACCEPTED" for one in entries) == size - 1
    assert (entries[7].reason, entries[7].trace) == ("100/2804002", "Ae")
    assert telling.vendors.world.feedback.count() == size - 1


def test_old_event_expires_before_sending_and_a_500_is_sent_again_whole(telling: Telling) -> None:
    """Case 19."""
    meta = telling.destination()
    telling.later(9 * 24 * 60)
    old = telling.convert("old", occurred_ms=telling.clock() - 8 * 24 * 60 * 60_000)
    sold = [telling.convert(f"A{number}") for number in range(3)]
    telling.record(old, *sold)
    telling.vendors.faults.append(Fault("/events", "reply", Reply(500, {})))

    telling.send(meta)
    telling.later(1)
    telling.send(meta)

    entry = telling.entry(meta, old)
    assert (entry.status, entry.reason) == ("EXPIRED", "TOO_OLD")
    assert [len(one["data"]) for one in telling.bodies()] == [3, 3]
    assert {telling.entry(meta, one).status for one in sold} == {"ACCEPTED"}


def test_google_names_what_failed_of_a_batch_in_two_rounds(telling: Telling) -> None:
    """Case 19."""
    google = telling.destination("GOOGLE_ADS")
    sold = [telling.convert(f"A{number}") for number in range(64)]
    telling.record(*sold)
    telling.vendors.world.feedback.reasons = {"event-A13": "INVALID_GCLID"}

    for _ in range(4):
        telling.send(google)
        telling.later(31)

    sizes = [len(one["events"]) for one in telling.bodies("events:ingest")]
    assert sizes == [64, *[8] * 8, *[1] * 8]
    entries = [telling.entry(google, one) for one in sold]
    assert sum(one.status == "CONFIRMED" for one in entries) == 63
    assert [(one.vendor_id, one.reason) for one in entries if one.status == "REJECTED"] == [
        ("event-A13", "INVALID_GCLID")
    ]
    assert telling.vendors.world.feedback.count() == 63


def test_refund_changes_the_value_at_google_and_is_not_supported_at_meta(telling: Telling) -> None:
    """Case 21."""
    google, meta = telling.destination("GOOGLE_ADS"), telling.destination()
    sold = telling.told("A1", 100.0)
    _confirm(telling, google, meta)

    telling.told("A1", 70.0)
    telling.later(6)
    _confirm(telling, google, meta)
    (told,) = [one for one in telling.vendors.world.feedback.told.values() if one.vendor == "google"]
    assert (told.event_id, told.values, told.count) == ("event-A1", [100.0, 70.0], 1)

    telling.told("A1", 0.0)
    telling.later(6)
    _confirm(telling, google, meta)
    assert (told.values, told.value) == ([100.0, 70.0, 0.0], 0.0)
    assert [one.status for one in telling.entries(google, sold)] == ["CONFIRMED"] * 3
    (untold,) = [
        one.untold for one in feedback.funnels(telling.caller, telling.site_id, clock=telling.clock) if one.untold
    ]
    assert [(one.currency, one.value_micros) for one in untold] == [("EUR", 100_000_000)]
    told_of = [(one.status, one.reason) for one in telling.entries(meta, sold)]
    assert told_of == [("ACCEPTED", ""), ("SKIPPED", "NOT_SUPPORTED"), ("SKIPPED", "NOT_SUPPORTED")]


def test_value_that_changes_before_it_is_sent_is_told_at_once(telling: Telling) -> None:
    meta = telling.destination()
    sold = telling.told("A1", 100.0)
    telling.told("A1", 70.0)

    telling.send(meta)

    assert [one["data"][0]["custom_data"]["value"] for one in telling.bodies()] == [70.0]
    assert [one.reason for one in telling.entries(meta, sold)] == ["SUPERSEDED", ""]


def test_nothing_is_told_without_consent_or_after_it_is_withdrawn(telling: Telling) -> None:
    """Case 21."""
    meta = telling.destination()
    refused = telling.told("A1", match=Match("UNKNOWN", "UNKNOWN"))
    withdrawn = telling.told("A2")
    erased = telling.told("A3")
    telling.matches[withdrawn] = Match("DENIED", "DENIED")
    del telling.matches[erased]

    telling.send(meta)

    assert not telling.bodies()
    reasons = [telling.entry(meta, one).reason for one in (refused, withdrawn, erased)]
    assert reasons == ["CONSENT", "CONSENT", "ERASED"]


def test_two_workers_at_once_send_once(telling: Telling) -> None:
    meta = telling.destination()
    telling.told("A1")

    def meanwhile(heard: Heard) -> None:
        if "/events" in heard.path:
            telling.send(meta)

    telling.vendors.before = meanwhile

    telling.send(meta)

    assert len(telling.bodies()) == 1


@pytest.mark.parametrize("platform", ["GOOGLE_ADS", "META", "TIKTOK"])
def test_conversions_wait_while_the_connection_needs_a_person(telling: Telling, platform: str) -> None:
    destination = telling.destination(platform)
    sold = telling.told("A1")
    telling.vendors.world.revoke()

    telling.send(destination)
    telling.later(60)
    telling.send(destination)

    assert telling.entry(destination, sold).status == "CLAIMED"
    assert telling.vendors.world.feedback.count() == 0
    assert len(telling.bodies(PATHS[platform])) <= 1


def _confirm(telling: Telling, *destinations: object) -> None:
    for _ in range(2):
        for one in destinations:
            telling.send(one)  # type: ignore[arg-type]
        telling.later(31)


def test_conversions_of_another_event_or_from_before_are_no_entries(telling: Telling) -> None:
    before = telling.convert("A0")
    telling.later(5)
    meta = telling.destination()
    other = telling.convert("A1")
    telling.conversions[other] = replace(telling.conversions[other], name="Sign Up")

    assert telling.record(before, other) == 0
    assert not telling.entries(meta, before)
