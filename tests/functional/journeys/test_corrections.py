"""Money given back comes off the conversion, and a new value takes its place; so do its credits."""

import json
from typing import Any

import pytest
from optiq.attribution import api as attribution
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.journeys import routes as customers
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment
from tests.support.callers import by_key_of
from tests.support.counting import counts_of

pytestmark = pytest.mark.usefixtures("table")

PAGE = {"url": "https://shop.example/?utm_source=newsletter&utm_medium=email"}


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


def _say(site: NewSite, pipeline: Pipeline, event: str, hours_ago: float, **properties: object) -> None:
    message = {
        "type": "track",
        "event": event,
        "anonymousId": "v1",
        "messageId": f"{event}.{hours_ago}",
        "timestamp": to_rfc3339(system_clock() - int(hours_ago * 3_600_000)),
        "context": {"page": PAGE},
        "properties": properties,
    }
    assert send_segment(site, "batch", {"batch": [message]})["statusCode"] == 200
    pipeline.drain()


def _credited(site: NewSite) -> tuple[int, set[int]]:
    """The conversion's value, and the sum each model gives."""
    (conversion,) = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    explained = attribution.explain_conversion(
        Caller.system(site.site.organization_id), site.site.site_id, conversion.conversion_id
    )
    assert explained.credits is not None
    sums = {sum(credit.credit_micros for credit in of_model) for of_model in explained.credits.credits.values()}
    return conversion.value_micros, sums


def _refund(site: NewSite, **body: object) -> int:
    return _correct(site, "refund", body)


def _correct(site: NewSite, how: str, body: object, organization_id: str = "") -> int:
    answer = _answer(site, how, body, organization_id)
    status: int = answer["statusCode"]
    return status


def _answer(site: NewSite, how: str, body: object, organization_id: str = "") -> dict[str, Any]:
    (conversion,) = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    path = f"/v1/sites/{site.site.site_id}/conversions/{conversion.conversion_id}/{how}"
    event: dict[str, Any] = {
        "version": "2.0",
        "rawPath": path,
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": "POST", "path": path, "sourceIp": "127.0.0.1"},
            "stage": "$default",
            "authorizer": by_key_of(organization_id or site.site.organization_id),
        },
        "body": json.dumps(body),
    }
    answer: dict[str, Any] = customers.handler(event, None)
    return answer


def test_a_partial_refund_comes_off_every_models_credits(site: NewSite, pipeline: Pipeline) -> None:
    _say(site, pipeline, "Order Completed", 5, revenue="49.90", order_id="A1")
    _say(site, pipeline, "Order Refunded", 1, revenue="9.90", order_id="A1")
    _say(site, pipeline, "Order Refunded", 0.5, revenue="5.00", order_id="somebody else's")

    assert _credited(site) == (40_000_000, {40_000_000})


def test_a_refund_without_an_amount_takes_everything(site: NewSite, pipeline: Pipeline) -> None:
    _say(site, pipeline, "Order Completed", 5, revenue="49.90", order_id="A1")
    _say(site, pipeline, "Order Refunded", 1, order_id="A1")

    assert _credited(site) == (0, {0})


def test_a_refund_that_arrives_before_its_order_counts(site: NewSite, pipeline: Pipeline) -> None:
    _say(site, pipeline, "Order Refunded", 1, revenue="9.90", order_id="A1")
    _say(site, pipeline, "Order Completed", 5, revenue="49.90", order_id="A1")

    assert _credited(site) == (40_000_000, {40_000_000})


def test_a_refund_through_the_api_counts_once(site: NewSite, pipeline: Pipeline) -> None:
    _say(site, pipeline, "Order Completed", 5, revenue="49.90")

    assert [_refund(site, refund_id="r1", amount="9.90") for _ in range(3)] == [202] * 3
    pipeline.drain()
    assert _credited(site) == (40_000_000, {40_000_000})
    assert _refund(site, refund_id="r2") == 202
    pipeline.drain()

    assert _credited(site) == (0, {0})
    counts = counts_of(site)
    assert (counts.accepted, counts.stored, counts.duplicates) == (5, 3, 2)


@pytest.mark.parametrize("amount", ["0", "-1", "ten", "NaN"])
def test_an_amount_that_cannot_be_is_refused(site: NewSite, pipeline: Pipeline, amount: str) -> None:
    _say(site, pipeline, "Order Completed", 5, revenue="49.90")

    assert _refund(site, refund_id="r1", amount=amount) == 400


def test_an_updated_order_replaces_the_value_and_every_models_credits(site: NewSite, pipeline: Pipeline) -> None:
    _say(site, pipeline, "Order Updated", 1, total="60.00", order_id="A1")
    _say(site, pipeline, "Order Completed", 5, revenue="49.90", order_id="A1")
    assert _credited(site) == (60_000_000, {60_000_000})

    _say(site, pipeline, "Order Updated", 0.5, revenue="55.50", order_id="A1")
    _say(site, pipeline, "Order Updated", 2, revenue="1.00", order_id="A1")
    assert _credited(site) == (55_500_000, {55_500_000})


def test_an_adjustment_through_the_api_counts_once(site: NewSite, pipeline: Pipeline) -> None:
    # GIVEN an order, refunded in part
    _say(site, pipeline, "Order Completed", 5, revenue="49.90")
    _refund(site, refund_id="r1", amount="9.90")
    pipeline.drain()

    # WHEN it is adjusted, three times the same, then once again under the same name with another value
    said = {"adjustment_id": "a1", "value": "70"}
    assert [_correct(site, "adjust", said) for _ in range(3)] == [202] * 3
    assert _correct(site, "adjust", {"adjustment_id": "a1", "value": "1"}) == 202
    pipeline.drain()

    # THEN it is worth that, the refund included; and what is refunded later comes off
    assert _credited(site) == (70_000_000, {70_000_000})
    _refund(site, refund_id="r2", amount="10")
    pipeline.drain()
    assert _credited(site) == (60_000_000, {60_000_000})
    counts = counts_of(site)
    assert (counts.accepted, counts.stored, counts.duplicates, counts.failed) == (7, 4, 2, 1)


@pytest.mark.parametrize("value", ["-1", "ten", None, "1e12"])
def test_a_value_that_cannot_be_is_refused(site: NewSite, pipeline: Pipeline, value: object) -> None:
    _say(site, pipeline, "Order Completed", 5, revenue="49.90")

    assert _correct(site, "adjust", {"adjustment_id": "a1", "value": value}) == 400


def test_another_organization_corrects_nothing(site: NewSite, pipeline: Pipeline, organization_id: str) -> None:
    _say(site, pipeline, "Order Completed", 5, revenue="49.90")

    for how, body in (("adjust", {"adjustment_id": "a1", "value": "1"}), ("refund", {"refund_id": "r1"})):
        assert _correct(site, how, body, organization_id) == 404


@pytest.mark.parametrize(
    ("how", "field"),
    [("refund", "ammount"), ("refund", "currency"), ("refund", "value"), ("adjust", "currency"), ("adjust", "amount")],
)
def test_body_with_an_unknown_field_is_refused_by_its_name(
    site: NewSite, pipeline: Pipeline, how: str, field: str
) -> None:
    _say(site, pipeline, "Order Completed", 5, revenue="49.90")
    body = {"refund_id": "r1"} if how == "refund" else {"adjustment_id": "a1", "value": "1"}

    answer = _answer(site, how, body | {field: "9.90"})
    pipeline.drain()

    assert answer["statusCode"] == 400
    assert field in json.loads(answer["body"])["detail"]
    assert _credited(site) == (49_900_000, {49_900_000})
