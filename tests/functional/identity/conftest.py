"""Requests to the tokens' routes, and the collect handlers' side of a token."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.collect import segment
from functions.identity import routes as tokens
from infra.local.handlers import Context
from tests.functional.senders import request
from tests.support.callers import by_key_of

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def site(table: object) -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture
def other(table: object) -> NewSite:
    """A site of another organization."""
    return tenancy.create_site(name="Other", domains=["other.example"])


def ask(as_whom: NewSite, method: str, path: str, body: object = None, query: dict[str, str] | None = None) -> Any:
    """The status and document of a management request with that organization's API key."""
    raw = b"" if body is None else json.dumps(body).encode()
    event = request(method, path, raw, {"content-type": "application/json"})
    event["queryStringParameters"] = query or {}
    event["requestContext"]["authorizer"] = by_key_of(as_whom.site.organization_id)
    event["requestContext"]["stage"] = "$default"
    answer = tokens.handler(event, Context("routes", "test"))
    return answer["statusCode"], json.loads(answer["body"]) if answer.get("body") else None


def make_token(site: NewSite, **said: object) -> dict[str, Any]:
    status, document = ask(site, "POST", f"/v1/sites/{site.site.site_id}/tokens", {"name": "orders"} | said)
    assert status == 201, document
    made: dict[str, Any] = document
    return made


def track(secret: str, *, ip: str = "203.0.113.9", **said: object) -> tuple[int, Any]:
    """What a server that holds a token gets for one event."""
    authorization = "Basic " + base64.b64encode(f"{secret}:".encode()).decode()
    body = json.dumps({"userId": "u1", "event": "Order Completed"} | said)
    event = request("POST", "/v1/track", body, {"authorization": authorization})
    event["requestContext"]["http"]["sourceIp"] = ip
    answer = segment.handler(event, None)
    return answer["statusCode"], json.loads(answer["body"])
