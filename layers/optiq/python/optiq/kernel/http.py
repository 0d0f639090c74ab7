"""HTTP as handlers see it: API Gateway's payload version 2.0 in, a response dictionary out, errors as RFC 9457."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any

from optiq.kernel import quotas
from optiq.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    KeyInUseError,
    LimitExceededError,
    NotFoundError,
    OptiqError,
    PaymentRequiredError,
    PreconditionFailedError,
    TooLargeError,
    UnauthenticatedError,
    UpstreamError,
)

Event = Mapping[str, Any]
"""An API Gateway HTTP API request, payload format 2.0 (events/samples/http_request.json)."""
Response = dict[str, Any]

# Made once, because json.dumps makes an encoder for each call that wants other than its defaults.
_COMPACT = json.JSONEncoder(separators=(",", ":"))
_PROBLEM = "application/problem+json"
_STATUS: dict[type[OptiqError], tuple[int, str]] = {
    InvalidError: (400, "Bad request"),
    UnauthenticatedError: (401, "Unauthorized"),
    PaymentRequiredError: (402, "Payment required"),
    ForbiddenError: (403, "Forbidden"),
    NotFoundError: (404, "Not found"),
    ConflictError: (409, "Conflict"),
    PreconditionFailedError: (412, "Precondition failed"),
    TooLargeError: (413, "Content too large"),
    LimitExceededError: (429, "Too many requests"),
    UpstreamError: (503, "Service unavailable"),
}


def body_bytes(event: Event) -> bytes:
    """The request body as it was sent; empty when there is none."""
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise InvalidError("the body is not readable") from error


def header(event: Event, name: str) -> str:
    """A header's value, or "" (the gateway hands names over in lower case)."""
    return str((event.get("headers") or {}).get(name, ""))


def method_not_allowed(methods: Sequence[str]) -> Response:
    """The answer to a method that a path does not have, with those that it has."""
    detail = {"type": "about:blank", "title": "Method not allowed", "status": 405, "code": "METHOD_NOT_ALLOWED"}
    return json_response(405, detail, {"content-type": _PROBLEM, "allow": ", ".join(methods)})


def json_response(status: int, body: object, headers: Mapping[str, str] | None = None) -> Response:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", **(headers or {})},
        "body": _COMPACT.encode(body),
    }


def problem(error: OptiqError) -> Response:
    """The problem document of an error."""
    status, title = next(
        (answer for kind, answer in _STATUS.items() if isinstance(error, kind)), (500, "Internal error")
    )
    headers = {"content-type": _PROBLEM}
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="optiq"'
    if isinstance(error, UpstreamError) and error.retryable:
        headers["retry-after"] = "1"
    if isinstance(error, (LimitExceededError, KeyInUseError)):
        headers["retry-after"] = str(error.retry_after_seconds)
    if isinstance(error, LimitExceededError):
        headers |= quotas.headers(error.quotas)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": error.code,
        "detail": str(error),
    }
    if isinstance(error, InvalidError) and error.fields:
        body["fields"] = [{"field": name, "message": wrong} for name, wrong in error.fields.items()]
    return json_response(status, body, headers)


def authorized(event: Event) -> Mapping[str, Any]:
    """The authorizer's context about the caller."""
    authorizer: Mapping[str, Any] = event.get("requestContext", {}).get("authorizer") or {}
    return authorizer.get("lambda") or {}
