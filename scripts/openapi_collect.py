"""The OpenAPI entries of the handlers that have no resolver: collection, the console's pages and the gateway's own."""

from typing import Any

from optiq.collect.measurement import MeasurementEvent, MeasurementRequest
from optiq.collect.payloads import Beacon, BeaconEvent, SegmentEvent

from functions.collect.segment import PATHS as SEGMENT_PATHS

Document = dict[str, Any]

_REF = "#/components/schemas/{model}"


def schemas() -> Document:
    """Schemas of what senders post, made from the models that read it."""
    found: Document = {}
    for model in (Beacon, BeaconEvent, SegmentEvent, MeasurementEvent, MeasurementRequest):
        schema = model.model_json_schema(ref_template=_REF)
        found |= schema.pop("$defs", {}) | {model.__name__: schema}
    found["Beacon"]["properties"]["events"]["items"] = _ref("BeaconEvent")
    found["MeasurementRequest"]["properties"]["events"]["items"] = _ref("MeasurementEvent")
    # A route of its own says the type; only a batch's messages must.
    del found["SegmentEvent"]["required"]
    accepted = {"type": "integer", "description": "how many events are durable"}
    found["AcceptedEvents"] = {"type": "object", "required": ["accepted"], "properties": {"accepted": accepted}}
    return found


def paths() -> Document:
    return {
        "/health": {"get": _operation("health", "gateway", "Whether we answer, and which version", "200", _HEALTH)},
        "/openapi.json": {"get": _operation("openapi", "gateway", "This document", "200", {"type": "object"})},
        "/docs": {"get": _operation("docs", "gateway", "This reference, for people", "200", _TEXT, "text/html")},
        "/docs/{name}": {"get": _docs_file()},
        "/console": {"get": _operation("console", "console", "The console, for people", "200", _TEXT, "text/html")},
        "/console/{name}": {"get": _console_file()},
        "/o.js": {
            "get": _operation("tracker_script", "collect", "The tracker script", "200", _TEXT, "text/javascript")
        },
        "/b": {"post": _beacon()},
        "/p.gif": {"get": _pixel()},
        **{f"/v1/{name}": {"post": _segment(name)} for name in SEGMENT_PATHS},
        "/mp/collect": {"post": _measurement()},
    }


_TEXT = {"type": "string"}
_HEALTH = {
    "type": "object",
    "properties": {
        "status": {"const": "ok"},
        "version": {"type": "string"},
        "lag_seconds": {
            "type": "integer",
            "description": "on one machine only: how long the oldest event waits to be processed",
        },
    },
}
_REJECTED = {
    "type": "object",
    "required": ["rejected"],
    "properties": {"rejected": {"type": "array", "items": {"type": "object"}}},
}
_SUCCESS = {"type": "object", "required": ["success"], "properties": {"success": {"const": True}}}
_PIXEL_PARAMETERS = {
    "k": "site key",
    "e": "name of the event; a page view without it",
    "u": "address of the page",
    "r": "referrer",
    "a": "anonymous id",
    "v": "value, a decimal",
    "c": "currency of the value",
    "o": "number of the order",
}


def _ref(schema: str) -> Document:
    return {"$ref": f"#/components/schemas/{schema}"}


def _problem(response: str) -> Document:
    return {"$ref": f"#/components/responses/{response}"}


_TRY_AGAIN = {"429": _problem("TooManyRequests"), "503": _problem("ServiceUnavailable")}
_SERVER_PROBLEMS = {
    "400": _problem("BadRequest"),
    "401": _problem("Unauthorized"),
    "403": _problem("Forbidden"),
} | _TRY_AGAIN
_BATCHES = ("batch", "b", "import")


def _operation(
    name: str, tag: str, summary: str, status: str, schema: Document, media_type: str = "application/json"
) -> Document:
    answer = {"description": "OK" if status == "200" else "Accepted", "content": {media_type: {"schema": schema}}}
    return {"tags": [tag], "summary": summary, "operationId": name, "responses": {status: answer}}


def _console_file() -> Document:
    operation = _operation(
        "console_file", "console", "A page of the console, or a file it needs", "200", _TEXT, "text/html"
    )
    operation["parameters"] = [
        {
            "name": "name",
            "in": "path",
            "required": True,
            "description": "such as sign-in, or icon.svg",
            "schema": _TEXT,
        }
    ]
    for media_type in ("text/css", "text/javascript", "image/svg+xml"):
        operation["responses"]["200"]["content"][media_type] = {"schema": _TEXT}
    problem = {"schema": _ref("Problem")}
    missing = {"text/html": {"schema": _TEXT}, "application/problem+json": problem}
    operation["responses"]["404"] = {"description": "There is none; a problem where no page can be", "content": missing}
    return operation


def _docs_file() -> Document:
    operation = _operation("docs_file", "gateway", "A file that the reference needs", "200", _TEXT, "text/javascript")
    operation["parameters"] = [
        {"name": "name", "in": "path", "required": True, "description": "such as reference.css", "schema": _TEXT}
    ]
    operation["responses"]["200"]["content"]["text/css"] = {"schema": _TEXT}
    problem = {"application/problem+json": {"schema": _ref("Problem")}}
    operation["responses"]["404"] = {"description": "There is none", "content": problem}
    return operation


def _beacon() -> Document:
    operation = _operation("beacon", "collect", "What the tracker sends", "202", _ref("AcceptedEvents"))
    content = {media_type: {"schema": _ref("Beacon")} for media_type in ("text/plain", "application/json")}
    operation["requestBody"] = {"required": True, "content": content}
    operation["responses"] |= {"400": _problem("BadRequest")} | _TRY_AGAIN
    return operation


def _pixel() -> Document:
    operation = _operation("pixel", "collect", "One event in an image's address", "200", _TEXT, "image/gif")
    operation["description"] = "Always the image: what cannot be accepted becomes a failed event."
    operation["parameters"] = [
        {"name": name, "in": "query", "required": name == "k", "description": said, "schema": _TEXT}
        for name, said in _PIXEL_PARAMETERS.items()
    ]
    not_kept = {"description": "The event was not kept", "content": {"image/gif": {"schema": _TEXT}}}
    operation["responses"] |= {"429": not_kept, "503": not_kept}
    return operation


def _segment(name: str) -> Document:
    if name not in _BATCHES:
        return _segment_operation(name, f"Segment's HTTP API: {name}", _ref("SegmentEvent"))
    events = {"type": "array", "maxItems": 2500, "items": _ref("SegmentEvent") | {"required": ["type"]}}
    body = {"type": "object", "required": ["batch"], "properties": {"batch": events, "context": {"type": "object"}}}
    return _segment_operation(name, "Segment's HTTP API: several messages", body)


def _measurement() -> Document:
    operation = _operation("measurement", "collect", "Google Analytics 4's Measurement Protocol", "200", _REJECTED)
    operation["description"] = "204 when all events are durable; 200 with what was rejected when some are."
    operation["parameters"] = [
        {"name": "api_secret", "in": "query", "required": True, "description": "a write key", "schema": _TEXT},
        {"name": "measurement_id", "in": "query", "description": "as sent to Google; not looked at", "schema": _TEXT},
    ]
    operation["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": _ref("MeasurementRequest")}},
    }
    operation["responses"] |= {"204": {"description": "All events are durable"}} | _SERVER_PROBLEMS
    return operation


def _segment_operation(kind: str, summary: str, schema: Document) -> Document:
    operation = _operation(f"segment_{kind}", "collect", summary, "200", _SUCCESS)
    operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    # Without HTTP Basic, the body carries the key.
    operation["security"] = [{"write_key": []}, {}]
    operation["responses"] |= _SERVER_PROBLEMS
    return operation
