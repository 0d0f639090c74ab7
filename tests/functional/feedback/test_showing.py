"""What people see of what was told, and what they may do about it."""

from dataclasses import replace

import pytest
from optiq.audit import api as audit
from optiq.feedback import api as feedback
from optiq.feedback.match_keys.contracts import Match
from optiq.feedback.outbox import adding
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.tenancy import api as tenancy

from infra.local.ad_platforms.meta import throttled
from infra.local.ad_platforms.server import Fault
from tests.functional.feedback.telling import Telling

DAY_MINUTES = 24 * 60


def test_funnel_is_what_the_platforms_count(telling: Telling) -> None:
    google, meta = telling.destination("GOOGLE_ADS"), telling.destination()
    sold = [telling.convert(f"A{number}") for number in range(5)]
    denied = telling.convert("B", match=Match("DENIED", "DENIED"))
    telling.record(*sold, denied)
    telling.vendors.world.feedback.refused = {"event-A3"}
    telling.vendors.world.feedback.reasons = {"event-A4": "INVALID_GCLID"}
    for _ in range(4):
        for one in (google, meta):
            telling.send(one)
        telling.later(31)
    telling.told("A0", 70.0)
    for _ in range(2):
        telling.send(google)
        telling.later(31)
    telling.told("W")

    found = feedback.funnels(telling.caller, telling.site_id, clock=telling.clock)
    of_google, of_meta = sorted(found, key=lambda one: one.destination.platform)

    counted = {"google": 0, "meta": 0}
    for told in telling.vendors.world.feedback.told.values():
        counted[told.vendor] += told.count
    assert (of_google.confirmed, of_meta.accepted) == (counted["google"], counted["meta"]) == (4, 4)
    assert (of_google.recorded, of_google.sent, of_google.accepted, of_google.changes) == (6, 5, 4, 1)
    assert (of_meta.recorded, of_meta.sent, of_meta.confirmed, of_meta.changes) == (6, 5, 0, 0)
    assert [(one.status, one.reason, one.count) for one in of_google.reasons] == [
        ("REJECTED", "INVALID_GCLID", 1),
        ("SKIPPED", "CONSENT", 1),
    ]
    assert {(one.status, one.reason) for one in of_meta.reasons} == {
        ("REJECTED", "100/2804002"),
        ("SKIPPED", "CONSENT"),
        ("SKIPPED", "NOT_SUPPORTED"),
    }
    assert [(one.currency, one.value_micros) for one in of_meta.untold] == [("EUR", 30_000_000)]
    assert [(one.key, one.share) for one in of_meta.keys] == [("email", 1.0), ("browser", 1.0)]
    assert (of_google.pending, of_meta.pending, of_google.sending) == (1, 1, 0)
    assert of_meta.median_seconds == 0


def test_unknown_is_sent_again_with_the_value_of_now_when_a_person_says_so(telling: Telling) -> None:
    meta = telling.destination()
    sold = telling.told("A1", 100.0)
    telling.vendors.faults.append(Fault("/events", "drop_before"))
    telling.send(meta)
    telling.later(2 * DAY_MINUTES)
    telling.send(meta)
    telling.told("A1", 70.0)
    assert [one.status for one in telling.entries(meta, sold)] == ["UNKNOWN", "SKIPPED"]
    # Turned off and on meanwhile: what a person sends again is older, and goes all the same.
    ids = (telling.caller, telling.site_id, meta.destination_id)
    feedback.change_destination(*ids, enabled=False)
    again = (telling.caller, telling.site_id, sold, meta.destination_id)
    with pytest.raises(ConflictError, match="set its enabled to true"):
        feedback.send_again(*again, clock=telling.clock)
    feedback.change_destination(*ids, enabled=True, clock=telling.clock)

    feedback.send_again(*again, clock=telling.clock)
    telling.send(meta)

    (told,) = telling.vendors.world.feedback.told.values()
    assert (told.count, told.value) == (1, 70.0)
    with pytest.raises(ConflictError, match="it is ACCEPTED"):
        feedback.send_again(*again, clock=telling.clock)
    entered = audit.entries(telling.organization_id).items
    assert "feedback_entry.sent_again" in {each.change.action for each in entered}


def test_what_was_told_is_its_organizations_alone(telling: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    meta = telling.destination(test_code="TEST1")
    sold = telling.told("A1")
    telling.send(meta)
    monkeypatch.setattr(journeys, "get_conversion", telling.conversion)
    other = tenancy.create_site(name="Other", domains=["other.example"]).site
    stranger, theirs = Caller.system(other.organization_id), other.site_id

    assert [one.entry.status for one in feedback.told_of_conversion(telling.caller, telling.site_id, sold)] == [
        "ACCEPTED"
    ]
    assert (
        feedback.send_test(telling.caller, telling.site_id, meta.destination_id, clock=telling.clock).outcome
        == "ACCEPTED"
    )
    assert telling.vendors.world.feedback.count() == 1
    for site_id in (telling.site_id, theirs):
        for asked in (
            lambda site_id=site_id: feedback.told_of_conversion(stranger, site_id, sold),
            lambda site_id=site_id: feedback.send_again(stranger, site_id, sold, meta.destination_id),
            lambda site_id=site_id: feedback.send_test(stranger, site_id, meta.destination_id),
            lambda site_id=site_id: feedback.change_destination(stranger, site_id, meta.destination_id, name="x"),
            lambda site_id=site_id: feedback.archive_destination(stranger, site_id, meta.destination_id),
        ):
            with pytest.raises(NotFoundError):
                asked()
    with pytest.raises(NotFoundError):
        feedback.funnels(stranger, telling.site_id)
    assert feedback.funnels(stranger, theirs) == []
    assert feedback.accepted(stranger.organization_id, telling.site_id, "2000-01-01", "2100-01-01") == {}


def test_conversion_is_told_when_the_worker_dies_while_its_value_changes(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    meta = telling.destination()
    sold = telling.told("A1", 100.0)
    changed = telling.convert("A1", 70.0)

    def killed(_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(adding, "put_together", killed)
        with pytest.raises(KeyboardInterrupt):
            telling.record(changed)
    assert [one.status for one in telling.entries(meta, sold)] == ["PENDING"]

    telling.record(changed)
    telling.send(meta)

    assert [one["data"][0]["custom_data"]["value"] for one in telling.bodies()] == [70.0]


def test_click_alone_is_not_told_when_the_site_turns_feedback_off(telling: Telling) -> None:
    google = telling.destination("GOOGLE_ADS")
    sold = telling.convert("A1")
    telling.matches[sold] = replace(telling.matches[sold], site_off=True, keys=None)
    telling.record(sold)

    telling.send(google)

    assert not telling.bodies("events:ingest")
    assert telling.entry(google, sold).reason == "SITE_OFF"


@pytest.mark.parametrize(
    ("kind", "status", "reason"), [("throttle", "SKIPPED", "CONSENT"), ("drop", "UNKNOWN", "WITHDRAWN")]
)
def test_withdrawn_consent_stops_a_batch_that_waits(telling: Telling, kind: str, status: str, reason: str) -> None:
    """Case 21: nothing more leaves of who withdrew, whether the request was refused for now or got no answer."""
    meta = telling.destination()
    withdrawn, stays = telling.convert("A1"), telling.convert("A2")
    telling.record(withdrawn, stays)
    fault = Fault("/events", "drop_before") if kind == "drop" else Fault("/events", "reply", throttled(10))
    telling.vendors.faults.append(fault)
    telling.send(meta)
    telling.matches[withdrawn] = Match("DENIED", "DENIED")

    telling.later(60)
    telling.send(meta)

    assert [event["event_id"] for event in telling.bodies()[-1]["data"]] == ["event-A2"]
    entry = telling.entry(meta, withdrawn)
    assert (entry.status, entry.reason, entry.over) == (status, reason, True)
    assert telling.entry(meta, stays).status == "ACCEPTED"
