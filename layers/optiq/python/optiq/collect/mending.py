"""Payloads whose optional parts cannot all be read: such a part is left out or shortened, with a warning."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from optiq.collect.payloads import MAX_ADDRESS, MAX_ID
from optiq.kernel.errors import InvalidError

MAX_WARNINGS = 20
MAX_WARNING = 200
_REASON_WARNINGS = 3
_CUT_NAMES = frozenset({"name", "event", "screen_name"})
"""Texts that are as short as ids, and are not ids."""
_DIGEST = 32
_EXPECTED: Mapping[str, str] = {
    "string_type": "is not a text",
    "string_unicode": "is not a text",
    "model_type": "is not an object",
    "dict_type": "is not an object",
    "list_type": "is not a list",
}

P = TypeVar("P", bound=BaseModel)


def read_payload(
    shape: type[P], value: Mapping[str, Any], warnings: list[str], essential: Sequence[str] = (), prefix: str = ""
) -> P:
    """The payload in an object; what is optional and unreadable is dropped, what is too long is shortened.

    Args:
        essential: the fields without which it is no payload. A too long one is shortened all the same.
        prefix: what the object is called, before the names of its fields.
        warnings: gets a sentence for each field that was dropped or shortened.

    Raises:
        InvalidError: an essential field is absent or unreadable; it names the field.
    """
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        mended = _mended(value, error.errors(include_url=False), warnings, essential, prefix)
    try:
        return shape.model_validate(mended)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _refusal(first, prefix) from error


def shortened_id(value: str, limit: int) -> str:
    """A long id in at most `limit` characters that no other id is shortened to."""
    if len(value) <= limit:
        return value
    digest = hashlib.blake2b(value.encode(errors="replace"), digest_size=_DIGEST // 2).hexdigest()
    return value[: limit - _DIGEST - 1] + "~" + digest


def bounded(warnings: Sequence[str]) -> tuple[str, ...]:
    """The first MAX_WARNINGS sentences, each of at most MAX_WARNING characters."""
    kept = tuple(warning[:MAX_WARNING] for warning in dict.fromkeys(warnings))
    if len(kept) <= MAX_WARNINGS:
        return kept
    return (*kept[: MAX_WARNINGS - 1], f"and {len(kept) - MAX_WARNINGS + 1} more fields")


def warns_of(field: str, warnings: Sequence[str]) -> bool:
    """Whether a warning is about this field, such as `properties.total`, rather than about a part of it."""
    return any(warning.startswith(f"{field}: ") for warning in warnings)


def refusal(reason: str, warnings: Sequence[str]) -> InvalidError:
    """The error for an event that lacks something essential, with what could not be read of it."""
    return InvalidError("; ".join((reason, *bounded(warnings)[:_REASON_WARNINGS])))


def _refusal(error: ErrorDetails, prefix: str) -> InvalidError:
    field = ".".join(str(part) for part in error["loc"]) or "event"
    return InvalidError(f"{prefix}{field}: {error['msg']}")


def _mended(
    value: Mapping[str, Any],
    errors: Sequence[ErrorDetails],
    warnings: list[str],
    essential: Sequence[str],
    prefix: str,
) -> Mapping[str, Any]:
    mended = dict(value)
    for error in errors:
        too_long = error["type"] == "string_too_long"
        if not error["loc"] or (error["loc"][0] in essential and not too_long):
            raise _refusal(error, prefix)
        *path, name = (str(part) for part in error["loc"])
        holder = mended
        for part in path:
            holder[part] = holder = dict(holder[part])
        field = prefix + ".".join((*path, name))
        if too_long:
            limit = error["ctx"]["max_length"]
            holder[name] = _shortened(name, str(holder[name]), limit)
            warnings.append(f"{field}: shortened to {limit} characters")
        else:
            holder.pop(name, None)
            warnings.append(f"{field}: {_EXPECTED.get(error['type'], error['msg'])}; left out")
    return mended


def _shortened(name: str, value: str, limit: int) -> str:
    # An id that is only cut could become another's.
    if limit == MAX_ID and name not in _CUT_NAMES:
        return shortened_id(value, limit)
    # Nor may the last parameter of an address lose its end: a click id would name another click.
    return value[:limit] if limit != MAX_ADDRESS else without_cut_parameter(value, limit)


def without_cut_parameter(address: str, limit: int) -> str:
    """At most `limit` characters of an address, up to the end of a parameter."""
    kept = address[:limit]
    cut = kept.rfind("&")
    return kept if address[limit] in "&#" or cut < 0 else kept[:cut]
