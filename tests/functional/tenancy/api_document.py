"""Requests made from the OpenAPI document, so that a new route is asked as well."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from optiq.kernel.routes import Route

from infra.routes import routes
from scripts.build_openapi import FILE

_DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))
_BY_FORMAT = {"date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z"}
_RULE = {"channel": "Own", "source": "a"}
_BODIES: Mapping[str, Any] = {
    "PUT /v1/sites/{site_id}/channel-rules": {"rules": [_RULE]},
    "POST /v1/sites/{site_id}/channel-rules/dry-run": {"rules": [_RULE]},
    "POST /v1/sites/{site_id}/alerts/{alert_id}/snooze": {"until_local": "2099-01-01T09:00"},
    "POST /v1/sites/{site_id}/shop-totals": {"csv": "day,orders,revenue,currency\n2026-01-31,12,499.90,EUR\n"},
}
"""Where what the document says does not suffice for a body that can be."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A route of the document, with the parameters and body it must have, and all that its body may name."""

    route: Route
    parameters: tuple[str, ...]
    query: str
    body: Any
    fields: frozenset[str]

    def path(self, ids: Mapping[str, str]) -> str:
        """Raises KeyError for a kind of id that is not among `ids`."""
        return self.route.path.format(**{name: ids[name] for name in self.parameters}) + self.query


def operations() -> Iterator[Operation]:
    by_key = {route.key: route for route in routes()}
    for path, methods in _DOCUMENT["paths"].items():
        for method, said in methods.items():
            route = by_key[f"{method.upper()} {path}"]
            asked = [_parameter(each) for each in said.get("parameters", [])]
            query = "&".join(
                f"{each['name']}={_example(each['schema'])}"
                for each in asked
                if each["in"] == "query" and each.get("required")
            )
            schema = said["requestBody"]["content"]["application/json"]["schema"] if "requestBody" in said else {}
            body = _BODIES.get(route.key) or (_example(schema) if schema else None)
            names = tuple(each["name"] for each in asked if each["in"] == "path")
            yield Operation(route, names, f"?{query}" if query else "", body, _fields(schema))


def _fields(schema: Any) -> frozenset[str]:
    return frozenset(_resolved(schema).get("properties", ()))


def _parameter(said: Any) -> Any:
    return _DOCUMENT["components"]["parameters"][said["$ref"].rpartition("/")[2]] if "$ref" in said else said


def _resolved(schema: Any) -> Any:
    return _DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _example(schema: Any) -> Any:
    schema = _resolved(schema)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return _example(schema[key][0])
    kind = schema.get("type")
    if kind == "object":
        return {name: _example(schema["properties"][name]) for name in schema.get("required", ())}
    if kind == "array":
        return [_example(schema["items"])]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    return _BY_FORMAT.get(schema.get("format", ""), "2026-01-01")
