"""What senders say of advertising, each in its own form, as the event has it."""

import json
from typing import Any

import pytest
from optiq.kernel.ad_consent import AdConsent, read
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.tenancy.contracts import NewSite

from functions.collect import beacon, pixel
from tests.functional.collect.posting import basic, on_the_stream, post, post_measurement
from tests.functional.pipeline import Pipeline
from tests.functional.senders import request

BOTH = {"ad_user_data": "granted", "ad_personalization": "denied"}
OF_SEGMENT: list[tuple[object, AdConsent | None]] = [
    (BOTH, AdConsent("GRANTED", "DENIED", "SEGMENT")),
    ({"ad_user_data": True, "policy_version": "2026-10"}, AdConsent("GRANTED", "UNKNOWN", "SEGMENT", "2026-10")),
    ({"categoryPreferences": {"Advertising": True}}, AdConsent("GRANTED", "GRANTED", "SEGMENT")),
    ({"categoryPreferences": {"Marketing": True, "Targeting": False}}, AdConsent("DENIED", "DENIED", "SEGMENT")),
    ({"categoryPreferences": {"Advertising": True, "ad_user_data": False}}, AdConsent("DENIED", "GRANTED", "SEGMENT")),
    ({"categoryPreferences": {"Analytics": True}}, None),
    ({"categoryPreferences": [], "ad_user_data": "perhaps"}, None),
    ("granted", None),
]


def post_beacon(site: NewSite, consent: object, **headers: str) -> None:
    event = {"event_id": "v1.1", "kind": "page", "timestamp": to_rfc3339(system_clock()), "anonymous_id": "v1"}
    body = json.dumps({"k": site.public_key, "c": consent, "events": [event]})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    assert beacon.handler(request("POST", "/b", body, named), None)["statusCode"] == 202


def said(pipeline: Pipeline) -> AdConsent | None:
    ((event,), rejected) = on_the_stream(pipeline)
    assert not rejected
    return read(event.ads)


@pytest.mark.parametrize(("consent", "found"), OF_SEGMENT)
def test_a_message_has_the_consent_of_its_context(
    site: NewSite, pipeline: Pipeline, consent: object, found: AdConsent | None
) -> None:
    post("track", {"event": "Lead", "userId": "u1", "context": {"consent": consent}}, **basic(site.write_key))

    assert said(pipeline) == found


def test_messages_of_a_batch_share_its_consent(site: NewSite, pipeline: Pipeline) -> None:
    message: dict[str, Any] = {"type": "track", "event": "Lead", "userId": "u1"}
    post("batch", {"batch": [message], "context": {"consent": BOTH}}, **basic(site.write_key))

    assert said(pipeline) == AdConsent("GRANTED", "DENIED", "SEGMENT")


def test_events_of_the_measurement_protocol_have_its_consent(site: NewSite, pipeline: Pipeline) -> None:
    consent = {"ad_user_data": "GRANTED", "ad_personalization": "DENIED"}
    post_measurement(site.write_key, {"client_id": "1.2", "consent": consent, "events": [{"name": "sign_up"}]})

    assert said(pipeline) == AdConsent("GRANTED", "DENIED", "GOOGLE")


def test_events_of_the_tracker_have_the_consent_of_their_beacon(site: NewSite, pipeline: Pipeline) -> None:
    post_beacon(site, BOTH | {"policy_version": "v7", "text_hash": "9f86d081"})

    assert said(pipeline) == AdConsent("GRANTED", "DENIED", "TRACKER", "v7", "9f86d081")

    post_beacon(site, "denied")
    assert said(pipeline) == AdConsent("DENIED", "DENIED", "TRACKER")


@pytest.mark.parametrize(
    "consent", [None, "granted", ["granted"], {"ad_user_data": 1}, {"analytics_storage": "granted"}]
)
def test_a_beacon_that_says_nothing_of_advertising_has_no_consent(
    site: NewSite, pipeline: Pipeline, consent: object
) -> None:
    post_beacon(site, consent)

    assert said(pipeline) is None


def test_a_browser_with_global_privacy_control_consents_to_nothing(site: NewSite, pipeline: Pipeline) -> None:
    denied = AdConsent("DENIED", "DENIED", "GPC")

    post_beacon(site, BOTH, sec_gpc="1")
    assert said(pipeline) == denied
    pixel.handler(request("GET", "/p.gif", headers={"sec-gpc": "1"}, query=f"k={site.public_key}"), None)
    assert said(pipeline) == denied
    context = {"consent": BOTH}
    post("track", {"event": "Lead", "userId": "u1", "context": context}, **basic(site.write_key), sec_gpc="1")
    assert said(pipeline) == denied


def test_do_not_track_alone_says_nothing_of_advertising(site: NewSite, pipeline: Pipeline) -> None:
    post_beacon(site, BOTH, dnt="1")

    assert said(pipeline) == AdConsent("GRANTED", "DENIED", "TRACKER")
