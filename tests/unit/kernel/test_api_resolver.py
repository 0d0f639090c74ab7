"""Every answer of a management route is the route's own or a problem document."""

import base64
import json
from typing import Annotated, Any

import pytest
from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.kernel.api_resolver import make_resolver, organization_of
from optiq.kernel.errors import ConflictError, NotFoundError, UpstreamError
from pydantic import BaseModel

from tests.support.callers import by_key_of


class Order(BaseModel):
    amount: float


app = make_resolver("test")


@app.get("/v1/sites/{site_id}/things", needs="sites:read")
def things(site_id: str, limit: int = 10) -> dict[str, Any]:
    errors = {
        "gone": NotFoundError("no such site"),
        "twice": ConflictError("twice"),
        "slow": UpstreamError("later", retryable=True),
    }
    if site_id in errors:
        raise errors[site_id]
    return {"organization_id": organization_of(app), "limit": limit}


@app.post("/v1/orders", needs="sites:read")
def order(body: Annotated[Order, Body()]) -> dict[str, Any]:
    return {"amount": body.amount}


@app.delete("/v1/orders", needs="sites:read", status_code=204)
def forget() -> tuple[None, int]:
    return None, 204


def request(
    path: str, method: str = "GET", body: str = "", organization_id: str = "org_A", **more: Any
) -> dict[str, Any]:
    path, _, query = path.partition("?")
    authorizer = {"authorizer": by_key_of(organization_id)} if organization_id else {}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "queryStringParameters": dict(pair.split("=") for pair in query.split("&") if pair),
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": method, "path": path}, "stage": "$default", **authorizer},
        "body": body,
        "isBase64Encoded": False,
    } | more


def answer(event: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
    response = app.resolve(event, None)
    headers = {name.lower(): value for name, value in response["headers"].items()}
    return response["statusCode"], json.loads(response["body"]), headers


def test_a_route_answers_within_the_callers_organization() -> None:
    assert answer(request("/v1/sites/s/things?limit=3"))[:2] == (200, {"organization_id": "org_A", "limit": 3})


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/sites/gone/things", 404), ("/v1/sites/twice/things", 409), ("/v1/nowhere", 404),
                         ("/v1/sites/s/things?limit=x", 400)]
)  # fmt: skip
def test_an_error_is_a_problem_document(path: str, status: int) -> None:
    code, body, headers = answer(request(path))
    assert (code, body["status"]) == (status, status)
    assert headers["content-type"] == "application/problem+json"
    assert {"type", "title", "detail"} <= body.keys()


def test_what_may_be_tried_again_says_when() -> None:
    code, _, headers = answer(request("/v1/sites/slow/things"))
    assert (code, headers["retry-after"]) == (503, "1")


def test_a_wrong_parameter_is_named() -> None:
    assert "limit" in answer(request("/v1/sites/s/things?limit=x"))[1]["detail"]


def test_without_a_credential_there_is_no_organization() -> None:
    code, _, headers = answer(request("/v1/sites/s/things", organization_id=""))
    assert (code, headers["www-authenticate"]) == (401, 'Bearer realm="optiq"')


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"amount": NaN}',
        '{"amount": "x"}',
        "[" * 100_000,
        '{"amount": 1e999}x',
    ],
)
def test_a_body_that_cannot_be_read_is_a_bad_request(body: str) -> None:
    assert answer(request("/v1/orders", "POST", body))[0] == 400


@pytest.mark.parametrize("raw", [base64.b64encode(b'{"amount": "\xff"}').decode(), "%%%"])
def test_bytes_that_are_no_text_are_a_bad_request(raw: str) -> None:
    assert answer(request("/v1/orders", "POST", raw, isBase64Encoded=True))[0] == 400


def test_another_content_type_is_a_problem_too() -> None:
    code, _, headers = answer(request("/v1/orders", "POST", "x", headers={"content-type": "text/plain"}))
    assert (code, headers["content-type"]) == (400, "application/problem+json")


def test_an_answer_without_content_has_no_body() -> None:
    # Any byte of one would be read as the beginning of the connection's next answer.
    answer = app.resolve(request("/v1/orders", "DELETE"), None)

    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert "content-type" not in {name.lower() for name in answer["headers"]}


@pytest.mark.parametrize(
    "path", ["/v1/sites/s/things", "/v1/sites/gone/things", "/v1/nowhere", "/v1/sites/s/things?limit=x"]
)
def test_every_answer_is_read_as_what_it_is_and_kept_by_no_cache(path: str) -> None:
    headers = answer(request(path))[2]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


@pytest.mark.parametrize(
    "said", [{}, {"needs": "sites:read", "personal": True}, {"needs": "sites:read", "open_because": "it is"}]
)
def test_route_is_refused_unless_it_says_once_who_may_use_it(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give one of needs, personal, any_key, operator and open_because"):
        make_resolver("test").get("/v1/things", **said)


@pytest.mark.parametrize("says", [{"operator": True}, {"needs": "sites:read"}])
def test_route_is_refused_unless_its_path_says_that_it_is_the_operators(says: dict[str, Any]) -> None:
    path = "/v1/things" if "operator" in says else "/v1/operator/things"

    with pytest.raises(ValueError, match="the operator's routes, and no others, begin with /v1/operator/"):
        make_resolver("test").get(path, **says)


def test_route_is_refused_without_its_permission_whatever_the_gateway_calls_it() -> None:
    for key in ("$default", "GET /v1/sites/{site_id}/things", "GET /v1/another"):
        event = request("/v1/sites/s/things", routeKey=key)
        event["requestContext"]["authorizer"] = by_key_of("org_A", role="", extras="sites:write")
        assert answer(event)[0] == 403, key


def test_created_thing_is_found_where_the_location_says() -> None:
    app = make_resolver("test")

    @app.post("/v1/sites/{site_id}/things", needs="sites:write", status_code=201)
    def create(site_id: str) -> tuple[dict[str, str], int]:
        return {"thing_id": "thing_1", "site_id": site_id}, 201

    @app.get("/v1/sites/{site_id}/things/{thing_id}", needs="sites:read")
    def get(site_id: str, thing_id: str) -> dict[str, str]:
        return {"thing_id": thing_id, "site_id": site_id}

    event = {
        "version": "2.0",
        "routeKey": "POST /v1/sites/{site_id}/things",
        "rawPath": "/v1/sites/site_1/things",
        "headers": {},
        "requestContext": {
            "http": {"method": "POST", "path": "/v1/sites/site_1/things"},
            "stage": "$default",
            "requestId": "r-1",
            "authorizer": by_key_of("org_1"),
        },
    }

    answer = app(event, None)

    assert answer["headers"]["location"] == "/v1/sites/site_1/things/thing_1"
    assert answer["headers"]["x-request-id"] == "r-1"
