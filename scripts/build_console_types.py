"""Writes console/types.ts: the API's models as TypeScript, from functions/gateway/openapi.json."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "functions/gateway/openapi.json"
FILE = ROOT / "console/types.ts"
_HEAD = "/** The API's models. Written by scripts/build_console_types.py (`make docs`); do not edit. */\n\n"
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}

Schema = dict[str, Any]


def types() -> str:
    """The file's text. Types stand in the order of their names, so that a change shows as one."""
    schemas = json.loads(DOCUMENT.read_text(encoding="utf-8"))["components"]["schemas"]
    return _HEAD + "\n".join(f"export {_declared(_name(name), schema)}\n" for name, schema in sorted(schemas.items()))


def _declared(name: str, schema: Schema) -> str:
    if schema.get("type") == "object" and "properties" in schema:
        return f"interface {name} {_object(schema)}"
    return f"type {name} = {_type(schema)};"


def _object(schema: Schema) -> str:
    needed = set(schema.get("required", ()))
    fields = (
        f"  {json.dumps(key) if not key.isidentifier() else key}{'' if key in needed else '?'}: {_type(field)};"
        for key, field in schema["properties"].items()
    )
    return "{\n" + "\n".join(fields) + "\n}"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for several, sign in (("anyOf", " | "), ("oneOf", " | "), ("allOf", " & ")):
        if several in schema:
            return sign.join(dict.fromkeys(_type(one) for one in schema[several]))
    kind = schema.get("type")
    if kind == "array":
        return f"({_type(schema.get('items', {}))})[]"
    if kind == "object":
        if "properties" in schema:
            return "{ " + " ".join(line.strip() for line in _object(schema)[2:-2].split("\n")) + " }"
        values = schema.get("additionalProperties")
        return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"
    return _PLAIN.get(str(kind), "unknown")


def _name(name: str) -> str:
    return re.sub(r"\W", "_", name)


if __name__ == "__main__":
    FILE.write_text(types(), encoding="utf-8")
