"""JSON as senders write it: a value that JSON does not know spoils only itself.

NaN, infinities, half a surrogate and bytes that are no UTF-8 make a strict reader refuse the whole body. Then a second
reader leaves out or replaces those values alone, and says so on the event that holds them.
"""

import json
import math
import re
from collections.abc import Iterable
from typing import Any

from pydantic_core import from_json

from optiq.collect.contracts import OversizeError
from optiq.kernel.errors import InvalidError

_MAX_LEVELS = 200
_MAX_DIGITS = 400
_MOST_EVENTS = 2_500
_HALF_SURROGATE = re.compile("[\ud800-\udfff]")
_ENOUGH_WARNINGS = 50
# Made once, because json.dumps makes an encoder for each call that wants other than its defaults.
_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False)
_LISTS_OF_EVENTS = ("batch", "events")


class Mended(dict[str, Any]):
    """An object of the second reader; `warnings` says what of it could not be read."""

    warnings: tuple[str, ...] = ()


def read_json_object(body: bytes, limit_bytes: int) -> dict[str, Any]:
    """The JSON object in a body; one that took the second reader is `Mended`, and so are the events in it.

    Raises:
        OversizeError: larger than the limit.
        InvalidError: not JSON (nesting beyond 200 levels included), or no object.
    """
    if len(body) > limit_bytes:
        raise OversizeError(f"the body is {len(body)} bytes; at most {limit_bytes} are accepted")
    value = read_json(body)
    if not isinstance(value, dict):
        raise InvalidError("the body must be a JSON object")
    return value


def read_json(body: bytes) -> Any:
    """The value in a body, whatever it is. Raises InvalidError: not JSON, or nested beyond 200 levels."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as error:
        return _read_again(body, error)


def without_unreadable(value: Any, path: str, warnings: list[str]) -> Any:
    """The value without numbers that JSON has no spelling for, and with U+FFFD for what is no character.

    Args:
        path: what the value is called; each warning begins with the name of the part it is about.
    """
    if isinstance(value, str):
        return _text(value, path, warnings)
    if isinstance(value, dict):
        return _object(value, path, warnings)
    if isinstance(value, list):
        return [without_unreadable(entry, f"{path}.{index}", warnings) for index, entry in enumerate(value)]
    if _unwritable(value):
        _warn(warnings, f"{path}: is not a finite number; left out")
        return None
    return value


def compact_json(value: Any, path: str, warnings: list[str]) -> str:
    """The value as JSON; what has no spelling in JSON is left out of it, such as 1e999, which is read as infinite."""
    if value == {}:
        return "{}"
    try:
        return _COMPACT.encode(value)
    except ValueError:
        return _COMPACT.encode(without_unreadable(value, path, warnings))


def _read_again(body: bytes, refusal: ValueError) -> Any:
    text = body.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    try:
        value = json.loads(text, parse_int=_integer, strict=False)
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"the body is not valid JSON: {refusal}") from error
    if _levels(value) > _MAX_LEVELS:
        raise InvalidError(f"the body is nested deeper than {_MAX_LEVELS} levels")
    if not isinstance(value, dict):
        return value
    events = {name: value.pop(name) for name in _LISTS_OF_EVENTS if isinstance(value.get(name), list)}
    read = _mended(value)
    # A longer list is refused, so the rest of it is not looked at.
    read.update({name: [*map(_mended, found[:_MOST_EVENTS]), *found[_MOST_EVENTS:]] for name, found in events.items()})
    return read


def _mended(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    warnings: list[str] = []
    mended = Mended(_object(value, "", warnings))
    mended.warnings = tuple(warnings)
    return mended


def _levels(value: object) -> int:
    level: list[Any] = [value]
    count = 0
    while level and count <= _MAX_LEVELS:
        level = [inner for outer in level for inner in _inside(outer)]
        count += 1
    return count


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else math.inf


def _unwritable(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _object(value: dict[str, Any], path: str, warnings: list[str]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, entry in value.items():
        name = _HALF_SURROGATE.sub("\ufffd", key)
        found = without_unreadable(entry, f"{path}.{name}" if path else name, warnings)
        if not _unwritable(entry):
            read[name] = found
    return read


def _text(value: str, path: str, warnings: list[str]) -> str:
    if value.isascii():
        return value
    read = _HALF_SURROGATE.sub("\ufffd", value)
    if read != value:
        _warn(warnings, f"{path}: has a character that cannot be read; replaced")
    return read


def _warn(warnings: list[str], warning: str) -> None:
    # A body may hold a hundred thousand of them.
    if len(warnings) < _ENOUGH_WARNINGS:
        warnings.append(warning)
