"""The beginning of a JSON body that is too large to be kept: whole values, so that each is known by its name."""

from typing import Any

from pydantic_core import from_json, to_json


def beginning(body: bytes, limit_bytes: int) -> bytes:
    """At most so many bytes of a body: JSON without what has no room, or the first bytes of what is no JSON.

    Of an object, texts and numbers come before what has parts. A text without room is left out whole: a part of it
    could be an address that nobody recognizes any more.
    """
    if len(body) <= limit_bytes:
        return body
    try:
        value = from_json(body)
    except ValueError:
        return body[:limit_bytes]
    if not isinstance(value, dict | list):
        return body[:limit_bytes]
    return to_json(_Room(limit_bytes).of(value))


class _Room:
    """Bytes that are left."""

    def __init__(self, size: int) -> None:
        self._left = size

    def of(self, value: dict[str, Any] | list[Any]) -> dict[str, Any] | list[Any]:
        """The parts of a value that have room, in its own order."""
        self._left -= 2
        parts: list[tuple[Any, Any]] = list(value.items() if isinstance(value, dict) else enumerate(value))
        found: dict[Any, Any] = {}
        for name, part in sorted(parts, key=lambda part: isinstance(part[1], dict | list)):
            if self._left <= 0:
                break
            # With its name, a colon and a comma.
            self._left -= 2 + (len(to_json(name)) if isinstance(name, str) else 0)
            if isinstance(part, dict | list):
                if self._left >= 2:
                    found[name] = self.of(part)
            elif (size := len(to_json(part))) <= self._left:
                self._left -= size
                found[name] = part
        if isinstance(value, dict):
            return {name: found[name] for name in value if name in found}
        return [found[index] for index in sorted(found)]
