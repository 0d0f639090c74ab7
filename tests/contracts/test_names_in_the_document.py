"""Whoever reads the OpenAPI document need not guess: lists, instants, enums and parameters say what they are."""

import json
import re
from collections.abc import Iterator
from typing import Any

from infra.routes import routes
from scripts.build_openapi import FILE

_DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))
_SCHEMAS = _DOCUMENT["components"]["schemas"]
_METHODS = ("get", "put", "post", "patch", "delete")
_FEW_VALUES = re.compile(r"one of \w+(, \w+)+|^\w+(, \w+)+ or \w+$")
_BY_HAND = {"Beacon", "Problem", "SegmentEvent", "SegmentBatch"}
"""Schemas of what trackers and Segment's clients send, and of errors (scripts/openapi_collect.py)."""
_OLD = ("Document", "Request", "Body")
"""Endings of tenancy's edge models, which are about to get the names of all others."""
_HANDLERS = {route.key: route.handler for route in routes()}


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Those that read their edge models; tenancy's are about to."""
    for path, methods in _DOCUMENT["paths"].items():
        for method in _METHODS:
            key = f"{method.upper()} {path}"
            if method in methods and not _HANDLERS[key].startswith("functions.tenancy."):
                yield key, methods[method]


def schemas() -> dict[str, dict[str, Any]]:
    return {name: schema for name, schema in _SCHEMAS.items() if not name.endswith(_OLD) and name not in _BY_HAND}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    return _SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def answer_of(operation: dict[str, Any]) -> dict[str, Any]:
    success = next((answer for status, answer in operation["responses"].items() if status.startswith("2")), {})
    return resolved(success.get("content", {}).get("application/json", {}).get("schema", {}))


def variants(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [resolved(each) for each in schema.get("anyOf", [schema])]


def parameters_of(operation: Any) -> list[Any]:
    shared = _DOCUMENT["components"]["parameters"]
    return [
        shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in operation.get("parameters", ())
    ]


def test_every_parameter_has_a_description() -> None:
    silent = [
        f"{name}: {parameter['name']}"
        for name, operation in operations()
        for parameter in parameters_of(operation)
        if not parameter.get("description")
    ]
    assert silent == []


def test_no_parameter_describes_its_few_values_instead_of_naming_them() -> None:
    free = [
        f"{name}: {parameter['name']}"
        for name, operation in operations()
        for parameter in parameters_of(operation)
        if _FEW_VALUES.search(parameter.get("description", ""))
        and not any("enum" in each or "const" in each for each in variants(parameter["schema"]))
    ]
    assert free == []


def test_a_field_of_few_values_is_an_enum_everywhere() -> None:
    """A name that is an enum in one model is no free text in another."""
    kinds: dict[str, set[bool]] = {}
    for schema in schemas().values():
        for name, field in schema.get("properties", {}).items():
            texts = [each for each in variants(field) if each.get("type") == "string"]
            if texts:
                kinds.setdefault(name, set()).add(any("enum" in each or "const" in each for each in texts))
    assert {name for name, found in kinds.items() if len(found) > 1} <= _ALSO_FREE


_ALSO_FREE = {"source", "reason", "kind", "channel", "period", "purpose"}
"""Names that mean one thing in one model and another in another, such as `source`, of a link and of a visit."""


def test_every_list_has_items_and_a_cursor() -> None:
    listed = {name: answer_of(operation).get("properties", {}) for name, operation in operations()}
    broken = [name for name, properties in listed.items() if "items" in properties and "cursor" not in properties]
    assert broken == []


def test_every_instant_and_day_has_its_format() -> None:
    without = [
        f"{title}.{name}"
        for title, schema in schemas().items()
        for name, field in schema.get("properties", {}).items()
        for each in variants(field)
        if each.get("type") == "string"
        and (name.endswith("_at") or name in ("as_of", "since", "day", "from", "to"))
        and each.get("format") not in ("date-time", "date")
    ]
    assert without == []
