"""Google Analytics 4's Measurement Protocol, as its senders send it."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from optiq.collect.ingest import api as ingest
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, system_clock
from optiq.kernel.events import Campaign
from optiq.tenancy.contracts import NewSite

from tests.functional.collect.posting import kept, on_the_stream, post_measurement
from tests.functional.paths import paths_of
from tests.functional.pipeline import Pipeline

LANDING = "https://shop.example/?utm_source=newsletter&utm_medium=email&utm_campaign=spring"


def _request(*events: object, **more: object) -> dict[str, object]:
    return {"client_id": "123.456", "events": list(events), **more}


def _purchase(**params: object) -> dict[str, object]:
    return {"name": "purchase", "params": {"value": 49.90, "currency": "EUR", "transaction_id": "A-1", **params}}


def test_a_visit_and_a_purchase_become_a_credited_conversion(site: NewSite, pipeline: Pipeline) -> None:
    hour_ago = (system_clock() - HOUR_MS) * 1000
    page = {"name": "page_view", "params": {"page_location": LANDING, "page_title": "Home", "session_id": 7}}

    answers = [
        post_measurement(site.write_key, _request(page, timestamp_micros=str(hour_ago), user_id="u1")),
        post_measurement(site.write_key, _request(_purchase())),
    ]

    pipeline.drain()
    (conversion,) = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    (path,) = paths_of(site)
    assert [(answer["statusCode"], answer["body"]) for answer in answers] == [(204, ""), (204, "")]
    assert (conversion.value_micros, conversion.currency) == (49_900_000, "EUR")
    assert [touch.campaign for touch in path.touches] == ["spring"]


def test_parameters_become_what_they_mean(site: NewSite, pipeline: Pipeline) -> None:
    details = {"source": "google", "medium": "cpc", "campaign": "summer"}
    post_measurement(
        site.write_key,
        _request(
            {"name": "page_view", "params": {"page_location": LANDING, "page_referrer": "https://a.example/"}},
            {"name": "screen_view", "params": {"screen_name": "Basket", "session_id": 7}},
            {"name": "campaign_details", "params": details},
            {"name": "login", "timestamp_micros": 1_709_200_800_000_999},
            timestamp_micros=1_709_200_800_123_456,
        ),
    )

    accepted, rejected = on_the_stream(pipeline)
    by_name = {event.name: event for event in accepted}
    assert rejected == []
    assert (by_name["page_view"].kind, by_name["page_view"].referrer) == ("PAGE", "https://a.example/")
    assert (by_name["Basket"].kind, by_name["Basket"].session_hint) == ("PAGE", "7")
    campaign = by_name["campaign_details"].campaign
    assert campaign is not None
    assert (campaign.source, campaign.medium, campaign.name) == ("google", "cpc", "summer")
    assert by_name["login"].occurred_ms == 1_709_200_800_000
    assert by_name["Basket"].occurred_ms == 1_709_200_800_123
    assert {identity.type for identity in by_name["login"].identities} == {"ga_cid"}


def test_an_order_reported_twice_counts_once(site: NewSite, pipeline: Pipeline) -> None:
    post_measurement(site.write_key, _request(_purchase(engagement_time_msec=1)))
    post_measurement(site.write_key, _request(_purchase(engagement_time_msec=900), timestamp_micros=1))
    post_measurement(site.write_key, _request(_purchase(value="49.9000", currency=" eur")))
    post_measurement(site.write_key, _request(_purchase(), user_id="u1"))

    pipeline.drain()
    assert _counts(site) == (1, 3, 0)


def test_an_order_number_of_another_buyer_or_at_another_price_is_another_event(
    site: NewSite, pipeline: Pipeline
) -> None:
    post_measurement(site.write_key, _request(_purchase()))
    post_measurement(site.write_key, _request(_purchase(value=1)))
    post_measurement(site.write_key, _request(_purchase(currency="USD")))
    post_measurement(site.write_key, _request(_purchase(), client_id="789.456"))
    post_measurement(site.write_key, {"app_instance_id": "i1", "events": [_purchase()]})
    post_measurement(site.write_key, {"user_id": "u1", "events": [_purchase()]})

    pipeline.drain()
    assert _counts(site) == (6, 0, 0)


@pytest.mark.parametrize("order_id", ["undefined", "(not set)", "", "{{ order.id }}", None, [], "0"])
def test_a_purchase_without_an_order_number_has_no_id_of_its_own(
    site: NewSite, pipeline: Pipeline, order_id: object
) -> None:
    post_measurement(site.write_key, _request(_purchase(transaction_id=order_id)))
    post_measurement(site.write_key, _request(_purchase(transaction_id=order_id)))

    pipeline.drain()
    assert _counts(site) == (2, 0, 0)


def test_two_refunds_of_the_same_amount_are_two(site: NewSite, pipeline: Pipeline) -> None:
    refund = _purchase() | {"name": "refund"}
    for _ in range(2):
        post_measurement(site.write_key, _request(refund))

    pipeline.drain()
    assert _counts(site) == (2, 0, 0)


NOON = 1_767_268_800_000_000


def _at(micros: object, **params: object) -> dict[str, object]:
    return _purchase(**params) | {"timestamp_micros": micros}


@pytest.mark.parametrize("name", ["purchase", "refund", "generate_lead", "page_view"])
@pytest.mark.parametrize("of", ["request", "event"])
def test_the_same_request_sent_again_is_a_duplicate(site: NewSite, pipeline: Pipeline, name: str, of: str) -> None:
    # Two events alike in one request are two, for the place of each counts.
    event = (_purchase() if of == "request" else _at(NOON)) | {"name": name}
    request = _request(event, event, **({"timestamp_micros": NOON} if of == "request" else {}))
    for _ in range(3):
        post_measurement(site.write_key, request)
        pipeline.drain()

    assert _counts(site) == (2, 4, 0)


@pytest.mark.parametrize(
    "other",
    [
        _request(_at(NOON + 1)),
        _request(_at(NOON, value=1)),
        _request(_at(NOON, engagement_time_msec=1)),
        _request(_at(NOON) | {"name": "refund"}),
        _request(_at(NOON), client_id="789.456"),
        _request(_at(NOON), user_id="u1"),
        _request({"name": "login"}, _at(NOON)),
    ],
)
def test_another_time_content_or_sender_is_another_event(
    site: NewSite, pipeline: Pipeline, other: dict[str, object]
) -> None:
    post_measurement(site.write_key, _request(_at(NOON)))
    post_measurement(site.write_key, other)

    pipeline.drain()
    events = other["events"]
    assert isinstance(events, list)
    assert _counts(site) == (1 + len(events), 0, 0)


@pytest.mark.parametrize("first", [0, 1, 2])
def test_reports_of_a_purchase_at_several_times_are_one_order_in_any_order_of_arrival(
    site: NewSite, pipeline: Pipeline, first: int
) -> None:
    reports = [_request(_at(NOON + hour * HOUR_MS * 1000)) for hour in (2, 0, 1)]
    for report in reports[first:] + reports[:first]:
        post_measurement(site.write_key, report)
        pipeline.drain()

    (conversion,) = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    assert (conversion.occurred_ms, conversion.value_micros) == (NOON // 1000, 49_900_000)
    assert _counts(site) == (3, 0, 0)


@pytest.mark.parametrize("blank", ["(not set)", "{{campaign.name}}", "undefined", "__CAMPAIGN_NAME__", " "])
def test_campaign_details_that_say_nothing_are_none(site: NewSite, pipeline: Pipeline, blank: str) -> None:
    nothing = {"source": blank, "medium": blank, "campaign": blank}
    post_measurement(
        site.write_key,
        _request(
            {"name": "campaign_details", "params": nothing},
            {"name": "campaign_details", "params": nothing | {"source": "google"}},
            {"name": "campaign_details", "params": nothing | {"page_location": LANDING}},
        ),
    )

    accepted, _ = on_the_stream(pipeline)
    campaigns = [event.campaign for event in accepted]
    spring = Campaign(source="newsletter", medium="email", name="spring")
    assert campaigns == [None, Campaign(source="google"), spring]


def _counts(site: NewSite) -> tuple[int, int, int]:
    """Stored, duplicates, failed."""
    day = datetime.now(UTC).date()
    found = ingest.counts(
        Caller.system(site.site.organization_id), site.site.site_id, first=day - timedelta(days=1), last=day
    )
    return found.stored, found.duplicates, found.failed


def test_an_app_names_its_instance(site: NewSite, pipeline: Pipeline) -> None:
    post_measurement(site.write_key, {"app_instance_id": "i1", "events": [{"name": "login"}]})

    ((event,), _) = on_the_stream(pipeline)
    assert [identity.type for identity in event.identities] == ["anonymous_id"]


def test_a_bad_event_is_rejected_alone_and_can_be_sent_again(site: NewSite, pipeline: Pipeline) -> None:
    answer = post_measurement(site.write_key, _request({"name": "login"}, {"name": ""}, {"name": ["login"]}))

    accepted, rejected = on_the_stream(pipeline)
    told = json.loads(answer["body"])["rejected"]
    assert answer["statusCode"] == 200
    assert len(accepted) == 1
    assert [(entry["index"], entry["reason"].partition(":")[0]) for entry in told] == [(1, "name"), (2, "name")]
    assert sorted(len(json.loads(kept(event))["events"]) for event in rejected) == [1, 1]
    assert {json.loads(kept(event))["client_id"] for event in rejected} == {"123.456"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not valid JSON"),
        (b"[]", "must be a JSON object"),
        (_request(), "events"),
        (_request(*[{"name": "login"}] * 26), "events"),
        ({"events": [{"name": "login"}]}, "needs an anonymous id or a user id"),
        (_request(7), "must be a JSON object"),
        (_request({"name": "login", "params": {"blob": "x" * 140_000}}), "at most 133120"),
    ],
)
def test_what_cannot_be_used_is_said_and_kept(site: NewSite, pipeline: Pipeline, body: object, reason: str) -> None:
    answer = post_measurement(site.write_key, body)

    accepted, rejected = on_the_stream(pipeline)
    assert answer["statusCode"] == 400
    assert reason in json.loads(answer["body"])["detail"]
    assert (len(accepted), len(rejected)) == (0, 1)
    assert rejected[0].site_id == site.site.site_id


def test_an_unknown_secret_is_refused_and_kept(site: NewSite, pipeline: Pipeline) -> None:
    answers = [post_measurement(secret, _request({"name": "login"})) for secret in ("", "wk_unknown", site.api_key)]

    accepted, rejected = on_the_stream(pipeline)
    assert [answer["statusCode"] for answer in answers] == [401] * 3
    assert (len(accepted), len(rejected)) == (0, 3)


def test_a_compressed_request_is_read(site: NewSite, pipeline: Pipeline) -> None:
    body = gzip.compress(json.dumps(_request({"name": "login"})).encode())

    assert post_measurement(site.write_key, body, content_encoding="gzip")["statusCode"] == 204
    assert len(on_the_stream(pipeline)[0]) == 1


@pytest.mark.parametrize("shared", ["null", "undefined", "0", ""])
def test_a_client_id_that_broken_senders_give_to_everybody_names_nobody(
    site: NewSite, pipeline: Pipeline, shared: str
) -> None:
    answer = post_measurement(site.write_key, {"client_id": shared, "events": [{"name": "login"}]})

    accepted, rejected = on_the_stream(pipeline)
    assert answer["statusCode"] == 400
    assert (len(accepted), len(rejected)) == (0, 1)
