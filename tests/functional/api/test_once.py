"""A request with an Idempotency-Key is done once, however often it is sent."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from optiq.kernel.clock import DAY_MS, MINUTE_MS
from optiq.kernel.errors import InvalidError, KeyInUseError, KeyReusedError
from optiq.kernel.ids import new_id
from optiq.kernel.replays.keeping import KEPT_MS, RUN_MS, once
from optiq.kernel.routes import Route
from optiq.kernel.table_ending import remove_ended
from types_boto3_dynamodb import DynamoDBClient

from tests.functional.identity.people import MovableClock

pytestmark = pytest.mark.usefixtures("table")

ROUTE = Route("POST", "/v1/teams", needs="teams:write")
PERSONAL = Route("POST", "/v1/organizations", personal=True)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


def key_of(clock: MovableClock) -> str:
    return new_id("key", clock())


def request(key: str, body: str = "{}", **caller: str) -> dict[str, Any]:
    said = {"organization_id": "org_A", "user_id": "user_A"} | caller
    return {
        "rawPath": "/v1/teams",
        "rawQueryString": "",
        "headers": {"idempotency-key": key},
        "requestContext": {"authorizer": {"lambda": said}},
        "body": body,
    }


def counting(status: int = 201) -> Callable[[], dict[str, Any]]:
    """Answers with how often it was asked."""
    asked: list[None] = []

    def answer() -> dict[str, Any]:
        asked.append(None)
        return {"statusCode": status, "headers": {"location": "/x"}, "body": json.dumps(len(asked)), "cookies": ["a=b"]}

    return answer


def test_answer_is_replayed_whole(clock: MovableClock) -> None:
    event, answer = request(key_of(clock)), counting()

    first, second = once(event, ROUTE, answer, clock), once(event, ROUTE, answer, clock)

    assert (first["body"], "idempotent-replayed" in first["headers"]) == ("1", False)
    assert second == first | {"headers": first["headers"] | {"idempotent-replayed": "true"}}


@pytest.mark.parametrize("changed", [{"body": '{"a":1}'}, {"rawPath": "/v1/teams/x"}, {"rawQueryString": "a=1"}])
def test_key_is_refused_for_another_request(clock: MovableClock, changed: dict[str, str]) -> None:
    event = request(key_of(clock))
    once(event, ROUTE, counting(), clock)

    with pytest.raises(KeyReusedError):
        once(event | changed, ROUTE, counting(), clock)


def test_same_body_in_base64_is_the_same_request(clock: MovableClock) -> None:
    event = request(key_of(clock))
    once(event, ROUTE, counting(), clock)

    again = once(event | {"body": "e30=", "isBase64Encoded": True}, ROUTE, counting(), clock)

    assert again["headers"]["idempotent-replayed"] == "true"


def test_key_is_in_use_while_the_first_request_runs(clock: MovableClock) -> None:
    event = request(key_of(clock))

    def within() -> dict[str, Any]:
        with pytest.raises(KeyInUseError) as refused:
            once(event, ROUTE, counting(), clock)
        assert refused.value.retry_after_seconds == 1
        with pytest.raises(KeyReusedError):
            once(event | {"body": "[]"}, ROUTE, counting(), clock)
        return counting()()

    assert once(event, ROUTE, within, clock)["body"] == "1"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500, 503])
def test_failed_attempt_gives_the_key_back(clock: MovableClock, status: int) -> None:
    event = request(key_of(clock))
    once(event, ROUTE, counting(status), clock)

    assert once(event | {"body": "[]"}, ROUTE, counting(), clock)["statusCode"] == 201


def test_attempt_that_raises_gives_the_key_back(clock: MovableClock) -> None:
    event = request(key_of(clock))

    def fail() -> dict[str, Any]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(event, ROUTE, fail, clock)

    assert once(event, ROUTE, counting(), clock)["statusCode"] == 201


def test_attempt_that_died_holds_the_key_no_longer_than_a_request_runs(clock: MovableClock) -> None:
    event = request(key_of(clock))
    late = counting()

    def die() -> dict[str, Any]:
        # Another process takes over, and answers, while the first still believes that it runs.
        clock.pass_seconds(RUN_MS / 1000 + 1)
        assert once(event, ROUTE, counting(202), clock)["statusCode"] == 202
        return late()

    once(event, ROUTE, die, clock)

    assert once(event, ROUTE, counting(), clock)["statusCode"] == 202


def test_answer_is_kept_for_a_day_and_swept_then(clock: MovableClock, table: DynamoDBClient) -> None:
    event, answer = request(key_of(clock)), counting()
    once(event, ROUTE, answer, clock)
    clock.pass_seconds((KEPT_MS - MINUTE_MS) / 1000)
    assert once(event, ROUTE, answer, clock)["body"] == "1"

    clock.pass_seconds(2 * MINUTE_MS / 1000)
    assert once(event, ROUTE, answer, clock)["body"] == "2"
    assert KEPT_MS == DAY_MS
    assert remove_ended(clock() + KEPT_MS + MINUTE_MS) >= 1
    kept = table.scan(
        TableName="optiq-test",
        FilterExpression="sk = :sk AND contains(pk, :request)",
        ExpressionAttributeValues={":sk": {"S": "ANSWER"}, ":request": {"S": "#REQUEST#"}},
    )
    assert kept["Items"] == []


@pytest.mark.parametrize(
    "other",
    [{"organization_id": "org_B"}, {"user_id": "user_B"}, {"user_id": "", "credential_id": "key_B"}, {"scopes": "a b"}],
)
def test_key_of_one_caller_answers_no_other(clock: MovableClock, other: dict[str, str]) -> None:
    key = key_of(clock)
    once(request(key), ROUTE, counting(200), clock)

    assert once(request(key, **other), ROUTE, counting(), clock)["statusCode"] == 201


def test_key_of_one_route_is_free_on_another(clock: MovableClock) -> None:
    event = request(key_of(clock))
    once(event, ROUTE, counting(200), clock)

    assert once(event, replace(ROUTE, path="/v1/roles"), counting(), clock)["statusCode"] == 201


def test_what_is_about_the_person_is_answered_whatever_organization_they_are_in(clock: MovableClock) -> None:
    key = key_of(clock)
    once(request(key), PERSONAL, counting(200), clock)

    assert once(request(key, organization_id=""), PERSONAL, counting(), clock)["statusCode"] == 200


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "ü", "a\x7f"])
def test_key_that_cannot_be_is_refused(clock: MovableClock, key: str) -> None:
    with pytest.raises(InvalidError, match="Idempotency-Key: must have 1 to 255 printable ASCII characters"):
        once(request(key), ROUTE, counting(), clock)


@pytest.mark.parametrize("key", ["x", " ", "x" * 250, '"8e03978e"'])
def test_any_printable_key_will_do(clock: MovableClock, key: str) -> None:
    event = request(key, user_id=new_id("user", clock()))

    assert once(event, ROUTE, counting(), clock)["statusCode"] == 201
    assert once(event, ROUTE, counting(), clock)["headers"]["idempotent-replayed"] == "true"
