"""Requests as the gateway hands them over, behind the authorizer."""

import json
from typing import Any
from urllib.parse import parse_qsl

from tests.support.callers import by_key_of


def request(path: str, organization_id: str, *, method: str = "GET", body: str = "") -> dict[str, Any]:
    path, _, query = path.partition("?")
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "queryStringParameters": dict(parse_qsl(query, keep_blank_values=True)),
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": method, "path": path},
            "stage": "$default",
            "authorizer": by_key_of(organization_id),
        },
        "body": body,
        "isBase64Encoded": False,
    }


def answer(response: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return response["statusCode"], json.loads(response["body"])
