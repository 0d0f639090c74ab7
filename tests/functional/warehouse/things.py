"""Bodies for the tests over all routes."""

from collections.abc import Callable, Mapping

IDS: Mapping[str, Callable[[str, str], str]] = {}
BODIES: Mapping[str, object] = {"PATCH /v1/warehouse": {"kind": "FOLDER", "active": True}}
