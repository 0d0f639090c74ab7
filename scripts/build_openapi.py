"""Writes functions/gateway/openapi.json: one OpenAPI document of every route.

The management routes' entries come from their resolvers, the others' from scripts/openapi_collect.py.

    python -m scripts.build_openapi
"""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from optiq.kernel.api_resolver import ManagementResolver
from optiq.kernel.errors import OptiqError
from optiq.kernel.routes import Route
from optiq.kernel.versions import Versions

from functions.gateway.health import VERSION
from functions.identity.requests import SESSION_COOKIE
from infra.local.handlers import load
from infra.routes import routes
from scripts import openapi_collect, openapi_manners

Document = dict[str, Any]

FILE = Path(__file__).parent.parent / "functions" / "gateway" / "openapi.json"

# What Powertools says of validation errors; ours are problem documents.
_NOT_OURS = ("HTTPValidationError", "ResponseValidationError", "ValidationError")


def _kinds(error: type[OptiqError]) -> Iterator[type[OptiqError]]:
    yield error
    for kind in error.__subclasses__():
        yield from _kinds(kind)


_CODES = sorted({kind.code for kind in _kinds(OptiqError)})
_PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "what programs tell the error by", "enum": _CODES},
        "detail": {"type": "string", "description": "what is wrong, and where"},
        "fields": {
            "type": "array",
            "description": "of a 400, what is wrong with each field",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_PROBLEMS = {
    "400": ("BadRequest", "A parameter or the body cannot be understood; the detail says which and why"),
    "401": ("Unauthorized", "No key or session, or one that is unknown, revoked or ended; or a proof that is not good"),
    "402": ("PaymentRequired", "There are too few credits, or the plan does not include it"),
    "403": ("Forbidden", "The key or session does not allow this"),
    "404": ("NotFound", "There is no such thing in the key's organization"),
    "409": ("Conflict", "There is such a thing already, or it changed meanwhile or may not change so"),
    "412": ("PreconditionFailed", "It is of another version than `If-Match` names; read it again"),
    "429": ("TooManyRequests", "More than may be sent or tried; `retry-after` says in how many seconds to do it again"),
    "503": ("ServiceUnavailable", "Something we depend on failed; with `retry-after`, the same request may succeed"),
}
_MAY_CONFLICT = ("create_token", "change_site", "set_channel_rules", "set_settings", "set_alert_settings", "cancel_job")
_MAY_CONFLICT_EVERYWHERE = {"billing", "members", "organizations", "teams", "workspaces"}
_TEXT = {"type": "string"}
_BY_SESSION: list[Document] = [{"session": []}, {"session_cookie": []}]
_BY_KEY: list[Document] = [{"api_key": []}, *_BY_SESSION]
_BY_OPERATOR: list[Document] = [{"operator_key": []}]
_DESCRIPTION = """Tells marketers which of their efforts earned their revenue.

Money is whole micros of a currency (10.50 = 10500000), instants are RFC 3339 in UTC, days are days in the site's
timezone. Errors are problem documents (RFC 9457).

A POST with an `Idempotency-Key` counts once, however often it is sent. What has a version has an `etag`: name it in
`If-Match` to change only what you read, in `If-None-Match` to get a 304 while it is the same. A GET answers HEAD."""


def build() -> Document:
    """The document. Raises ValueError when two contexts give one name to different things."""
    by_key = {route.key: route for route in routes()}
    paths = openapi_collect.paths()
    schemas = openapi_collect.schemas() | {"Problem": _PROBLEM}
    for app in _resolvers():
        part = json.loads(app.get_openapi_json_schema(title="Optiq", version=VERSION))
        for path, operations in part["paths"].items():
            for method, operation in operations.items():
                route = by_key[f"{method.upper()} {path}"]
                _complete(operation, route, app.versions[route.key])
            _add(paths, path, operations)
        for name, schema in part["components"]["schemas"].items():
            if name not in _NOT_OURS:
                _add(schemas, name, schema)
    for route in routes():
        if route.method.lower() not in paths.get(route.path, {}):
            _add_plain(paths, route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Optiq",
            "version": VERSION,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "parameters": openapi_manners.PARAMETERS,
            "headers": openapi_manners.HEADERS,
            "responses": {name: _problem_response(name, said) for name, said in _PROBLEMS.values()},
            "securitySchemes": {
                "api_key": {"type": "http", "scheme": "bearer", "description": "an API key, `ok_…`"},
                "operator_key": {"type": "http", "scheme": "bearer", "description": "the operator's key, `op_…`"},
                "session": {"type": "http", "scheme": "bearer", "description": "a session's secret, `os_…`"},
                "session_cookie": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
                "write_key": {"type": "http", "scheme": "basic", "description": "a write key, `wk_…`, as user name"},
            },
        },
    }


def _add_plain(paths: Document, route: Route) -> None:
    """What a handler without a resolver says of itself: the first sentence of its module."""
    module = importlib.import_module(route.handler.rpartition(".")[0])
    summary = " ".join((module.__doc__ or "").partition(": ")[2].split()).partition(". ")[0]
    names = [name[1:-1] for name in route.path.split("/") if name.startswith("{")]
    parameters = [
        {"name": name, "in": "path", "required": True, "description": f"{name} of the address", "schema": _TEXT}
        for name in names
    ]
    context, method = module.__name__.split(".")[1], route.method.lower()
    paths.setdefault(route.path, {})[method] = {
        "summary": summary.rstrip("."),
        "operationId": "_".join((method, context, *names)),
        "tags": [context],
        "parameters": parameters,
        "responses": {"default": {"description": "as the summary says"}},
    }


def _resolvers() -> Iterator[ManagementResolver]:
    for handler in dict.fromkeys(route.handler for route in routes()):
        app = load(handler)
        if isinstance(app, ManagementResolver):
            yield app


def _complete(operation: Document, route: Route, versions: Versions) -> None:
    operation["operationId"] = operation["operationId"].partition("_v1_")[0]
    if not route.is_open:
        by_person = _BY_SESSION if route.personal else _BY_KEY
        operation["security"] = _BY_OPERATOR if route.operator else by_person
    if route.needs:
        operation["description"] = f"Needs the permission `{route.needs}`."
    operation["responses"].pop("422", None)
    # Powertools gives every answer a body; this one has none.
    operation["responses"].get("204", {}).pop("content", None)
    told = set(_PROBLEMS) - ({"412"} if "billing" in operation["tags"] else {"402", "412"})
    if route.needs and not _MAY_CONFLICT_EVERYWHERE.intersection(operation["tags"]):
        told -= {"429"} if operation["operationId"] in _MAY_CONFLICT else {"409", "429"}
    problems = {status: {"$ref": f"#/components/responses/{_PROBLEMS[status][0]}"} for status in told}
    operation["responses"] |= problems
    openapi_manners.complete(operation, route, versions)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _problem_response(name: str, said: str) -> Document:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    headers = openapi_manners.PROBLEM_HEADERS.get(name)
    return {"description": said, "content": content} | ({"headers": headers} if headers else {})


def _add(things: Document, name: str, thing: Document) -> None:
    if things.setdefault(name, thing) != thing:
        raise ValueError(f"'{name}' stands for two different things")


def text_of(document: Document) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text_of(build()), encoding="utf-8")
