"""What people say of advertising: one record for each change, and what holds of a person on all devices."""

import itertools
import json
from typing import Any

import pytest
from optiq.consent import api as consent
from optiq.consent import noting
from optiq.consent.contracts import ConsentWithdrawn, Standing
from optiq.consent.saying import MOST_CHANGES
from optiq.events import outbox
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import NotFoundError
from optiq.kernel.events import EventAccepted, Identity
from optiq.kernel.secrets import identity_hash, platform_secret
from optiq.tenancy.contracts import NewSite

from functions.consent import routes
from tests.functional.pipeline import Pipeline
from tests.functional.reports.http import answer, request
from tests.functional.senders import post_beacon, send_segment

GRANTED, DENIED, GPC = "TGG", "TDD", "PDD"
_RECEIPTS = itertools.count()


def event(site: NewSite, said: str, at_ms: int, *, device: str = "DEVICE", **fields: Any) -> EventAccepted:
    return EventAccepted(
        organization_id=site.site.organization_id,
        site_id=site.site.site_id,
        event_id="e",
        receipt=f"r{next(_RECEIPTS)}",
        digest="",
        kind="TRACK",
        name="Lead",
        identities=(Identity(type=fields.pop("kind", "anonymous_id"), hash=device),),
        occurred_ms=at_ms,
        received_ms=at_ms,
        ads=said,
        **fields,
    )


def standing(site: NewSite, *devices: str) -> Standing:
    return consent.standing(site.site.organization_id, site.site.site_id, devices or ["DEVICE"])


def said(site: NewSite, device: str = "DEVICE") -> list[tuple[str, bool, int, str]]:
    records = consent.records(site.site.organization_id, site.site.site_id, device)
    return [(one.purpose, one.granted, one.said_ms, one.source) for one in records if one.purpose == "AD_USER_DATA"]


def test_only_a_change_is_recorded_however_often_it_is_said(site: NewSite) -> None:
    events = [event(site, GRANTED, 1_000 + n) for n in range(50)] + [event(site, DENIED, 2_000)]

    consent.note(events)
    consent.note(events)

    assert said(site) == [("AD_USER_DATA", True, 1_000, "TRACKER"), ("AD_USER_DATA", False, 2_000, "TRACKER")]
    assert standing(site) == Standing("DENIED", "DENIED")


def test_what_comes_late_changes_nothing(site: NewSite) -> None:
    consent.note([event(site, DENIED, 2_000)])
    consent.note([event(site, GRANTED, 1_999), event(site, GRANTED, 2_000)])

    assert said(site) == [("AD_USER_DATA", False, 2_000, "TRACKER")]


def test_a_signal_is_taken_back_by_its_own_browsers_page_alone(site: NewSite) -> None:
    consent.note([event(site, GPC, 1_000), event(site, "SGG", 2_000, from_server=True)])
    assert standing(site) == Standing("DENIED", "DENIED", gpc=True)

    consent.note([event(site, GRANTED, 3_000)])
    assert standing(site) == Standing("GRANTED", "GRANTED")


def test_a_persons_last_choice_holds_on_all_devices_and_a_signal_before_all(site: NewSite) -> None:
    phone, laptop = event(site, DENIED, 1_000, device="PHONE"), event(site, GRANTED, 2_000, device="LAPTOP")
    consent.note([phone, laptop])
    assert standing(site, "PHONE", "LAPTOP").ad_user_data == "GRANTED"
    assert standing(site, "PHONE").ad_user_data == "DENIED"

    consent.note([event(site, GPC, 1_500, device="PHONE")])
    assert standing(site, "PHONE", "LAPTOP") == Standing("DENIED", "DENIED", gpc=True)
    assert standing(site, "TABLET") == Standing()


def test_a_new_text_is_a_consent_of_its_own(site: NewSite) -> None:
    consent.note([event(site, f"{GRANTED}|v1|aa", 1_000), event(site, f"{GRANTED}|v2|bb", 2_000)])

    records = consent.records(site.site.organization_id, site.site.site_id, "DEVICE")
    texts = [(one.policy_version, one.text_hash) for one in records if one.purpose == "AD_USER_DATA"]
    assert texts == [("v1", "aa"), ("v2", "bb")]


def test_a_visitor_who_is_known_for_a_day_only_has_no_record(site: NewSite) -> None:
    consent.note([event(site, GRANTED, 1_000, kind="passing_id")])

    assert said(site) == []


def test_the_records_of_a_visitor_are_bounded_and_end_with_a_refusal(site: NewSite) -> None:
    consent.note([event(site, GRANTED if n % 2 else DENIED, 1_000 + n) for n in range(3 * MOST_CHANGES)])

    records = consent.records(site.site.organization_id, site.site.site_id, "DEVICE")
    assert len(records) <= MOST_CHANGES + 2
    assert standing(site) == Standing("DENIED", "DENIED")


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[ConsentWithdrawn]:
    found: list[ConsentWithdrawn] = []

    def noted(publisher: str, organization_id: str, fact: Any, now_ms: int) -> Any:
        found.append(fact)
        return outbox.event_of(publisher, organization_id, fact, now_ms)

    monkeypatch.setattr(noting.events, "event_of", noted)
    return found


def test_a_withdrawal_is_told_once(site: NewSite, published: list[ConsentWithdrawn]) -> None:
    told = [event(site, "TGD", 1_000), event(site, "TDD", 2_000)]
    consent.note(told)
    consent.note([*told, event(site, GPC, 3_000)])

    assert published == [ConsentWithdrawn(site.site.site_id, "cus_DEVICE", "AD_USER_DATA", 2_000)]


def test_a_batch_that_was_killed_after_its_records_writes_them_once(
    site: NewSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [event(site, GRANTED, 1_000)]
    with monkeypatch.context() as killed:
        killed.setattr(noting, "_state", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            consent.note(told)

    consent.note(told)

    assert said(site) == [("AD_USER_DATA", True, 1_000, "TRACKER")]
    assert standing(site).ad_user_data == "GRANTED"


def test_the_history_of_a_person_shows_when_a_browser_sent_the_signal(site: NewSite) -> None:
    pipeline = Pipeline()
    now_ms = system_clock()
    page = {"event_id": "v1.1", "kind": "page", "timestamp": now_ms, "anonymous_id": "v1"}
    signed_in = page | {"event_id": "v1.2", "kind": "identify", "user_id": "u1"}
    body = f'{{"k":"{site.public_key}","events":[{json.dumps(page)},{json.dumps(signed_in)}]}}'
    post_beacon(body, {"sec-gpc": "1"})
    granted = {"ad_user_data": "granted", "ad_personalization": "granted"}
    order = {"userId": "u1", "event": "Order Completed", "context": {"consent": granted}}
    send_segment(site, "track", order | {"properties": {"revenue": 10}})
    pipeline.drain(consumers=("journeys",))

    status, history = _history(site, "cus_" + _hash(site, "anonymous_id", "v1"))

    assert status == 200
    assert history["standing"] == {"ad_user_data": "DENIED", "ad_personalization": "DENIED", "gpc": True}
    signals = [one for one in history["records"] if one["gpc"]]
    assert {one["purpose"] for one in signals} == {"AD_USER_DATA", "AD_PERSONALIZATION"}
    assert all(not one["granted"] and one["source"] == "GPC" for one in signals)
    assert {one["source"] for one in history["records"]} == {"GPC", "SEGMENT"}


def test_the_history_is_of_the_callers_organization_alone(site: NewSite) -> None:
    with pytest.raises(NotFoundError):
        consent.history(Caller.system("org_01JB0000000000000000000001"), site.site.site_id, "cus_DEVICE")


def _hash(site: NewSite, kind: str, value: str) -> str:
    return identity_hash(platform_secret(), site.site.organization_id, kind, value)


def _history(site: NewSite, customer_id: str) -> tuple[int, dict[str, Any]]:
    path = f"/v1/sites/{site.site.site_id}/customers/{customer_id}/consent"
    return answer(routes.app(request(path, site.site.organization_id), None))
