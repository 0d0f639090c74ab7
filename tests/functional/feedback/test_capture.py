"""From what senders send to the keys that a platform gets: with consent, where the site wants it, and never raw."""

import base64
import json
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from optiq.collect.ingest import api as ingest
from optiq.collect.match_keys.captured import opened
from optiq.collect.match_keys.hashing import sha256
from optiq.consent import api as consent
from optiq.feedback.match_keys import api as match_keys
from optiq.feedback.match_keys.contracts import Match
from optiq.journeys import api as journeys
from optiq.journeys.privacy import traces_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, system_clock, to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.events import MatchKeysTaken, decode
from optiq.kernel.person import Person, personal_contexts
from optiq.kernel.settings import settings
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite
from pyarrow import parquet

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

from tests.functional.collect.posting import post_measurement
from tests.functional.consent.test_consent import event as said_event
from tests.functional.feedback.test_match_keys import taken, with_feedback
from tests.functional.pipeline import Pipeline
from tests.functional.senders import post_beacon, post_segment, send_segment

GRANTED = {"ad_user_data": "granted", "ad_personalization": "granted"}
E_MAIL, PHONE, FBP, TTP = "Jane.Doe+shop@gmail.com", "+1 (800) 555-0100", "fb.1.1760000000000.987", "ttp-abc-123"
FBC = "fb.1.1760000000123." + "aZ09_-" * 66
TRAITS = {"email": E_MAIL, "phone": PHONE, "first_name": " Jané ", "last_name": "O'Doe"}
ADDRESS = {"city": "New York", "state": "NY", "postal_code": "10001-1234", "country": "US"}


def beacon(
    site: NewSite,
    *events: dict[str, Any],
    consent: object = GRANTED,
    headers: dict[str, str] | None = None,
    status: int = 202,
) -> None:
    now = to_rfc3339(system_clock())
    complete = [
        {"event_id": f"v1.{n}", "kind": "track", "timestamp": now, "anonymous_id": "v1"} | event
        for n, event in enumerate(events)
    ]
    cookies = [f"_fbc={FBC}", f"_fbp={FBP}", f"_ttp={TTP}"]
    body = {"k": site.public_key, "sent_at": now, "c": consent, "m": cookies, "events": complete}
    assert post_beacon(json.dumps(body), headers)["statusCode"] == status


def order(number: str = "A-1", **properties: Any) -> dict[str, Any]:
    said = {"order_id": number, "revenue": 50, "currency": "EUR"} | properties
    return {"name": "Order Completed", "url": "https://shop.example/thanks", "properties": said}


def identify() -> dict[str, Any]:
    return {"kind": "identify", "event_id": "v1.id", "user_id": "User42", "properties": TRAITS | {"address": ADDRESS}}


def match(site: NewSite, pipeline: Pipeline) -> Match:
    pipeline.drain(consumers=("journeys",))
    ids = (site.site.organization_id, site.site.site_id)
    (conversion,) = journeys.list_conversions(*ids, 10, None).items
    return match_keys.read(*ids, conversion.conversion_id)


@pytest.fixture
def pipeline(table: object) -> Pipeline:
    return Pipeline()


def test_a_conversion_has_the_keys_of_its_own_event_and_of_its_person(site: NewSite, pipeline: Pipeline) -> None:
    beacon(with_feedback(site), identify(), order())

    found = match(site, pipeline)

    assert (found.ad_user_data, found.ad_personalization, found.gpc) == ("GRANTED", "GRANTED", False)
    assert found.keys is not None
    google, meta, tiktok = found.keys.google, found.keys.meta, found.keys.tiktok
    assert google.emails == (sha256("janedoe+shop@gmail.com"),)
    assert meta.em == tiktok.email == (sha256("jane.doe+shop@gmail.com"),)
    assert google.phones == tiktok.phone == (sha256("+18005550100"),)
    assert meta.ph == (sha256("18005550100"),)
    assert (meta.fn, meta.ln) == (google.given_name, google.family_name) == (sha256("jané"), sha256("o'doe"))
    assert (meta.ct, meta.st, meta.zp, meta.country) == tuple(map(sha256, ("newyork", "ny", "10001", "us")))
    assert (google.region, google.postal_code, google.country) == ("NY", "10001-1234", "US")
    assert meta.external_id == tiktok.external_id == (sha256("User42"),)
    assert (meta.fbc, meta.fbp, tiktok.ttp) == (FBC, FBP, TTP)
    assert (found.keys.ip, found.keys.user_agent) == ("203.0.113.9", "Mozilla/5.0")
    assert found.keys.page_url == "https://shop.example/thanks"


def test_a_servers_order_has_its_own_keys_and_hashed_ones_stay(site: NewSite, pipeline: Pipeline) -> None:
    hashed = sha256("janedoe@gmail.com")
    traits = {"email": hashed.upper(), "phone": "0049 30 1234567"}
    context = {"consent": GRANTED, "ip": "198.51.100.7", "userAgent": "Safari", "fbc": "x" * 1_200, "traits": traits}
    message = {"event": "Order Completed", "userId": "u1", "context": context, "properties": {"revenue": 1}}

    send_segment(with_feedback(site), "track", message)
    keys = match(site, pipeline).keys

    assert keys is not None
    assert keys.google.emails == keys.meta.em == (hashed,)
    assert keys.google.phones == (sha256("+49301234567"),)
    assert (keys.ip, keys.user_agent, keys.meta.fbc) == ("198.51.100.7", "Safari", "")


@pytest.mark.parametrize("consent", [None, {"ad_user_data": "denied"}, {"ad_personalization": "granted"}])
def test_without_consent_nothing_is_captured_and_nothing_may_be_sent(
    site: NewSite, pipeline: Pipeline, consent: object
) -> None:
    beacon(with_feedback(site), identify(), order(), consent=consent)

    found = match(site, pipeline)

    assert found.ad_user_data == ("DENIED" if consent == {"ad_user_data": "denied"} else "UNKNOWN")
    assert found.keys is None
    assert match_keys.count(site.site.organization_id, site.site.site_id, subjects(site)) == 0


def test_a_browser_with_global_privacy_control_has_no_feedback(site: NewSite, pipeline: Pipeline) -> None:
    beacon(with_feedback(site), identify(), order(), headers={"sec-gpc": "1"})

    found = match(site, pipeline)

    assert found == Match("DENIED", "DENIED", gpc=True)
    assert match_keys.count(site.site.organization_id, site.site.site_id, subjects(site)) == 0


def test_consent_that_is_withdrawn_after_the_sale_counts(site: NewSite, pipeline: Pipeline) -> None:
    beacon(with_feedback(site), identify(), order())
    assert match(site, pipeline).keys is not None

    beacon(site, {"kind": "page", "event_id": "v1.late"}, consent={"ad_user_data": "denied"})

    assert match(site, pipeline) == Match("DENIED", "GRANTED")


def test_a_site_that_turns_feedback_off_has_no_keys_left_to_send(site: NewSite, pipeline: Pipeline) -> None:
    beacon(with_feedback(site), identify(), order())
    assert match(site, pipeline).keys is not None

    caller = tenancy.operator(site.site.organization_id)
    tenancy.change_site(caller, site.site.site_id, {"conversion_feedback": "OFF"})

    found = match(site, pipeline)
    assert (found.site_off, found.keys) == (True, None)


def test_consent_from_before_an_erasure_counts_no_more_and_a_new_one_does(site: NewSite, pipeline: Pipeline) -> None:
    beacon(with_feedback(site), identify(), order())
    assert match(site, pipeline).ad_user_data == "GRANTED"
    ids, hashes = (site.site.organization_id, site.site.site_id), tuple(subjects(site))
    erase(ids, hashes, "consent", "feedback", "journeys")

    # WHEN they come back and say nothing, and what they said before comes late
    beacon(site, order("A-2") | {"event_id": "v1.back"}, consent=None)
    consent.note([said_event(site, "TGG", 1_000, device=device) for device in hashes])

    # THEN nothing may be sent
    assert match_keys.read(*ids, sold(site, pipeline, "A-2")).ad_user_data == "UNKNOWN"

    # WHEN they permit it anew
    beacon(site, order("A-3", email=E_MAIL) | {"event_id": "v1.again"})

    # THEN it may, with what was captured since
    found = match_keys.read(*ids, sold(site, pipeline, "A-3"))
    assert (found.ad_user_data, found.keys is not None) == ("GRANTED", True)
    proof = [record for device in hashes for record in consent.records(*ids, device)]
    assert len(proof) >= 4

    # AND another erasure finds it
    erase(ids, hashes, "consent", "feedback")
    found = match_keys.read(*ids, sold(site, pipeline, "A-3"))
    assert (found.ad_user_data, found.keys) == ("UNKNOWN", None)
    assert [record for device in hashes for record in consent.records(*ids, device)] == proof


def erase(ids: tuple[str, str], hashes: tuple[str, ...], *contexts: str) -> None:
    """What a request of the person does in these contexts."""
    now_ms = system_clock()
    person = Person(ids[0], (), (), (ids[1],), traces_of(ids[0], hashes, now_ms), now_ms)
    for name in contexts:
        personal_contexts()[name].erase(person, "ERASE")
    while system_clock() <= now_ms:
        time.sleep(0.001)


def sold(site: NewSite, pipeline: Pipeline, number: str) -> str:
    pipeline.drain(consumers=("journeys",))
    found = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    return next(one.conversion_id for one in found if one.order_id == number)


def test_keys_are_not_read_beyond_the_days_of_the_site(site: NewSite, pipeline: Pipeline) -> None:
    beacon(with_feedback(site), order())
    assert match(site, pipeline).keys is not None

    ids = (site.site.organization_id, site.site.site_id)
    (conversion,) = journeys.list_conversions(*ids, 10, None).items
    late = system_clock() + 8 * DAY_MS + 1
    assert match_keys.read(*ids, conversion.conversion_id, clock=lambda: late).keys is None


def test_who_is_named_and_buys_in_one_request_is_sealed_once(site: NewSite, pipeline: Pipeline) -> None:
    with_feedback(site)
    of_v2 = {"anonymous_id": "v2", "event_id": "v2.1"}
    beacon(site, identify(), order())
    beacon(site, order("A-2"), identify())
    # Another person, another visitor, another order: each is what it is of alone.
    beacon(site, identify(), order("A-3", email="kim@shop.example"))
    beacon(site, identify(), order("A-4") | of_v2)
    beacon(site, order("A-5"), order("A-6"))

    records = [record for event in pipeline.batches("journeys") for record in event["Records"]]
    messages = [decode(base64.b64decode(record["kinesis"]["data"])) for record in records]
    taken = [one for one in messages if isinstance(one, MatchKeysTaken)]

    assert Counter((one.order_id, one.contact) for one in taken) == {
        ("A-1", True): 1,
        ("A-2", True): 1,
        ("", True): 2,
        ("A-3", True): 1,
        ("A-4", False): 1,
        ("A-5", False): 1,
        ("A-6", False): 1,
    }


def test_keys_of_another_event_or_organization_do_not_open(site: NewSite, pipeline: Pipeline) -> None:
    message = taken(site)
    ids = (site.site.organization_id, site.site.site_id)
    assert opened(*ids, "e1", message.sealed) == {"email": sha256("jane@shop.example")}
    for place in ((*ids, "e2"), ("org_01JB0000000000000000000001", ids[1], "e1")):
        with pytest.raises(UpstreamError):
            opened(*place, message.sealed)


def test_raw_keys_are_in_nothing_that_is_written(site: NewSite, pipeline: Pipeline, table: "DynamoDBClient") -> None:
    """Of accepted, refused and unreadable requests: in no message, row of the lake, failed event or item."""
    beacon(with_feedback(site), identify(), order(email=E_MAIL))
    beacon(site, {"kind": "nonsense"} | order(), status=400)
    post_beacon(f'{{"k":"{site.public_key}","m":["_fbp={FBP}","_fbc={FBC}"],"events":[{{"kin')
    post_segment(site.write_key, "track", json.dumps({"event": "", "context": {"fbp": FBP}, "traits": TRAITS}).encode())
    body = {"user_data": {"sha256_email_address": sha256(E_MAIL)}, "consent": GRANTED, "events": [{}]}
    post_measurement(site.write_key, body)
    messages = [record for batch in pipeline.batches("journeys") for record in batch["Records"]]
    match(site, pipeline)
    failed = ingest.failed_events(Caller.system(site.site.organization_id), site.site.site_id).items

    texts = [base64.b64decode(record["kinesis"]["data"]).decode() for record in messages]
    assert [json.loads(text)["type"] for text in texts].count("EventRejected") == 4
    texts += [base64.b64decode(body).decode() for text in texts if (body := json.loads(text).get("body"))]
    texts += [one.body.decode() for one in failed]
    organization_id = site.site.organization_id
    files = [path for path in Path(settings().lake).rglob("*.parquet") if organization_id in str(path)]
    texts += [str(parquet.read_table(path).to_pylist()) for path in files]
    ours = {"FilterExpression": "contains(pk, :org)", "ExpressionAttributeValues": {":org": {"S": organization_id}}}
    texts += [str(page["Items"]) for page in table.get_paginator("scan").paginate(TableName=settings().table, **ours)]
    assert len(files) > 3

    raw = [E_MAIL, "jane.doe+shop", "800) 555", "18005550100", FBP, FBC[:60], TTP, "203.0.113.9"]
    hashes = [sha256(text) for text in ("janedoe+shop@gmail.com", "jane.doe+shop@gmail.com", "+18005550100", E_MAIL)]
    assert [key for key in (*raw, *hashes) if any(key in text for text in texts)] == []


def subjects(site: NewSite) -> list[str]:
    ids = (site.site.organization_id, site.site.site_id)
    (conversion,) = journeys.list_conversions(*ids, 10, None).items
    return list(journeys.person_hashes(*ids, conversion.customer_id))
