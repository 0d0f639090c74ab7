"""HTTP requests as API Gateway hands them to a function, and a function's answer as HTTP.

Payload format 2.0 of HTTP APIs (events/samples/http_request.json):
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

RawHeaders = list[tuple[bytes, bytes]]

_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript")
_TEXT_SUFFIXES = ("+json", "+xml")


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    headers: RawHeaders
    body: bytes


def _peer(peer: str, _forwarded: str) -> str:
    return peer


def to_event(
    scope: Mapping[str, Any],
    request_id: str,
    route_key: str,
    path_parameters: Mapping[str, str],
    address_of: Callable[[str, str], str] = _peer,
    visitor_of: Callable[[str, str], str] | None = None,
) -> dict[str, Any]:
    """The event of a request, without its body; `scope` is ASGI's HTTP connection scope.

    Args:
        address_of: the address of the caller, by that of the connection's peer and X-Forwarded-For. It decides about
            access, on every route.
        visitor_of: the same for the visitor of an event, which decides nothing; None where no events come in.
    """
    headers, cookies = _headers(scope["headers"])
    query = scope["query_string"].decode("latin-1")
    came_by = ((scope.get("client") or ("127.0.0.1", 0))[0], headers.get("x-forwarded-for", ""))
    now = time.time()
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": scope["path"],
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": headers.get("host", "localhost"),
            "domainPrefix": "local",
            "http": {
                "method": scope["method"],
                "path": scope["path"],
                "protocol": f"HTTP/{scope['http_version']}",
                "sourceIp": address_of(*came_by),
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": route_key,
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": False,
    }
    if visitor_of is not None:
        event["requestContext"]["http"]["visitorIp"] = visitor_of(*came_by)
    if query:
        event["queryStringParameters"] = _joined(parse_qsl(query, keep_blank_values=True))
    if cookies:
        event["cookies"] = cookies
    if path_parameters:
        event["pathParameters"] = dict(path_parameters)
    return event


def add_body(event: dict[str, Any], body: bytes) -> None:
    """Gives the event of a request its body."""
    if body:
        event["body"], event["isBase64Encoded"] = _body(body, event["headers"])


def to_authorizer_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a Lambda authorizer, format 2.0, without identity sources: it is asked for every request."""
    shared = ("version", "routeKey", "rawPath", "rawQueryString", "headers", "requestContext")
    optional = ("queryStringParameters", "cookies", "pathParameters")
    return {
        "type": "REQUEST",
        "routeArn": "arn:aws:execute-api:local:000000000000:local/$default" + event["rawPath"],
        "identitySource": None,
        **{name: event[name] for name in shared},
        **{name: event[name] for name in optional if name in event},
    }


def from_response(response: object) -> HttpAnswer:
    """What goes out for a function's answer.

    An answer without a statusCode is the body of a 200, as API Gateway infers.

    Raises:
        ValueError, TypeError: the answer is none that API Gateway would take.
    """
    if not isinstance(response, Mapping) or "statusCode" not in response:
        return HttpAnswer(200, [(b"content-type", b"application/json")], json.dumps(response).encode())
    headers = [
        (name.lower().encode("latin-1"), str(value).encode("latin-1"))
        for name, value in (response.get("headers") or {}).items()
    ]
    headers += [(b"set-cookie", cookie.encode("latin-1")) for cookie in response.get("cookies") or ()]
    body = response.get("body") or ""
    if not isinstance(body, str):
        raise TypeError("a body must be text")
    raw = base64.b64decode(body, validate=True) if response.get("isBase64Encoded") else body.encode()
    return HttpAnswer(int(response["statusCode"]), headers, raw)


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> tuple[dict[str, str], list[str]]:
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name == "cookie":
            cookies += value.split("; ")
        else:
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers, cookies


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body(body: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    is_text = media_type.startswith(_TEXT_TYPES) or media_type.endswith(_TEXT_SUFFIXES)
    if is_text and "content-encoding" not in headers:
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True
