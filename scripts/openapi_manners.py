"""What the OpenAPI document says of all routes alike: keys that make a request count once, versions."""

from typing import Any

from optiq.kernel.routes import Route
from optiq.kernel.versions import Versions

Document = dict[str, Any]

_TAG = r'^"\d{1,15}-[0-9a-f]{16}"$'
PARAMETERS: Document = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "makes the request count once: sent again within a day, it gets the same answer",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]*$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "the `etag` that was read: the change is made only while the version is the same; or `*`",
        "schema": {"type": "string", "pattern": rf"^\*$|{_TAG}"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "the `etag` that was read: a 304 says that the answer is the same",
        "schema": {"type": "string", "pattern": rf"^\*$|{_TAG}"},
    },
}
HEADERS: Document = {
    "ETag": {"description": "the version and a digest of the answer", "schema": {"type": "string", "pattern": _TAG}},
    "RetryAfter": {"description": "seconds after which the same request may succeed", "schema": {"type": "string"}},
    "RateLimit": {
        "description": "what is left of each limit (`r`), and in how many seconds all of it is there (`t`): "
        '`"invitations";r=199;t=3012`',
        "schema": {"type": "string"},
    },
    "RateLimitPolicy": {
        "description": "each limit: `q` in any `w` seconds, of requests or of what `qu` names: "
        '`"invitations";q=200;w=3600`',
        "schema": {"type": "string"},
    },
    "IdempotentReplayed": {
        "description": "the answer was kept from the first time",
        "schema": {"type": "string", "const": "true"},
    },
}
_RETRY: Document = {"retry-after": {"$ref": "#/components/headers/RetryAfter"}}
_LEFT: Document = {
    "ratelimit": {"$ref": "#/components/headers/RateLimit"},
    "ratelimit-policy": {"$ref": "#/components/headers/RateLimitPolicy"},
}
PROBLEM_HEADERS: Document = {
    "Conflict": _RETRY,
    "TooManyRequests": _RETRY | _LEFT,
    "ServiceUnavailable": _RETRY,
}
"""The headers of problem documents, by the names of the responses."""
NOT_MODIFIED: Document = {
    "description": "It is as `If-None-Match` has it",
    "headers": {"etag": {"$ref": "#/components/headers/ETag"}},
}


def complete(operation: Document, route: Route, versions: Versions) -> None:
    """Adds what the route takes and answers beside its own parameters and documents."""
    responses = operation["responses"]
    made = [answer for status, answer in responses.items() if status[0] == "2"]
    if route.takes_key:
        _takes(operation, "IdempotencyKey")
        responses.setdefault("409", {"$ref": "#/components/responses/Conflict"})
        _answers(made, "idempotent-replayed", "IdempotentReplayed")
    if versions.answered:
        _answers(made, "etag", "ETag")
    if versions.answered and route.method == "GET":
        _takes(operation, "IfNoneMatch")
        responses["304"] = NOT_MODIFIED
    if versions.expected:
        _takes(operation, "IfMatch")
        responses["412"] = {"$ref": "#/components/responses/PreconditionFailed"}
        responses.setdefault("409", {"$ref": "#/components/responses/Conflict"})


def _takes(operation: Document, name: str) -> None:
    operation.setdefault("parameters", []).append({"$ref": f"#/components/parameters/{name}"})


def _answers(made: list[Document], header: str, name: str) -> None:
    for answer in made:
        answer.setdefault("headers", {})[header] = {"$ref": f"#/components/headers/{name}"}
