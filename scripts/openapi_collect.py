"""The OpenAPI entries of the handlers that have no resolver: collection and the gateway's own."""

from typing import Any

from optiq.collect.payloads import Beacon, BeaconEvent, SegmentEvent

Document = dict[str, Any]

_REF = "#/components/schemas/{model}"


def schemas() -> Document:
    """Schemas of what senders post, made from the models that read it."""
    found: Document = {}
    for model in (Beacon, BeaconEvent, SegmentEvent):
        schema = model.model_json_schema(ref_template=_REF)
        found |= schema.pop("$defs", {}) | {model.__name__: schema}
    found["Beacon"]["properties"]["events"]["items"] = _ref("BeaconEvent")
    # A route of its own says the type; only a batch's messages must.
    del found["SegmentEvent"]["required"]
    accepted = {"type": "integer", "description": "how many events are durable"}
    found["Accepted"] = {"type": "object", "required": ["accepted"], "properties": {"accepted": accepted}}
    return found


def paths() -> Document:
    return {
        "/health": {"get": _operation("health", "gateway", "Whether we answer, and which version", "200", _HEALTH)},
        "/openapi.json": {"get": _operation("openapi", "gateway", "This document", "200", {"type": "object"})},
        "/o.js": {
            "get": _operation("tracker_script", "collect", "The tracker script", "200", _TEXT, "text/javascript")
        },
        "/b": {"post": _beacon()},
        "/p.gif": {"get": _pixel()},
        **{f"/v1/{kind}": {"post": _segment(kind)} for kind in ("track", "page", "identify")},
        "/v1/batch": {"post": _segment_batch()},
    }


_TEXT = {"type": "string"}
_HEALTH = {"type": "object", "properties": {"status": {"const": "ok"}, "version": {"type": "string"}}}
_SUCCESS = {"type": "object", "required": ["success"], "properties": {"success": {"const": True}}}
_PIXEL_PARAMETERS = {
    "k": "site key",
    "e": "name of the event; a page view without it",
    "u": "address of the page",
    "r": "referrer",
    "a": "anonymous id",
    "v": "value, a decimal",
    "c": "currency of the value",
}


def _ref(schema: str) -> Document:
    return {"$ref": f"#/components/schemas/{schema}"}


def _problem(response: str) -> Document:
    return {"$ref": f"#/components/responses/{response}"}


_TRY_AGAIN = {"429": _problem("TooManyRequests"), "503": _problem("ServiceUnavailable")}


def _operation(
    name: str, tag: str, summary: str, status: str, schema: Document, media_type: str = "application/json"
) -> Document:
    answer = {"description": "OK" if status == "200" else "Accepted", "content": {media_type: {"schema": schema}}}
    return {"tags": [tag], "summary": summary, "operationId": name, "responses": {status: answer}}


def _beacon() -> Document:
    operation = _operation("beacon", "collect", "What the tracker sends", "202", _ref("Accepted"))
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


def _segment(kind: str) -> Document:
    return _segment_operation(kind, f"Segment's HTTP API: {kind}", _ref("SegmentEvent"))


def _segment_batch() -> Document:
    events = {"type": "array", "maxItems": 2500, "items": _ref("SegmentEvent") | {"required": ["type"]}}
    body = {"type": "object", "required": ["batch"], "properties": {"batch": events, "context": {"type": "object"}}}
    return _segment_operation("batch", "Segment's HTTP API: several messages", body)


def _segment_operation(kind: str, summary: str, schema: Document) -> Document:
    operation = _operation(f"segment_{kind}", "collect", summary, "200", _SUCCESS)
    operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation["security"] = [{"write_key": []}]
    operation["responses"] |= {"400": _problem("BadRequest"), "401": _problem("Unauthorized")} | _TRY_AGAIN
    return operation
