"""JSON as RFC 8259 has it."""

import json
import re
from typing import Any, NoReturn

from optiq.kernel.errors import InvalidError

_HALF = re.compile("[\ud800-\udfff]")
_FIELD = re.compile(r"[A-Za-z0-9_.]{1,100}")


def read_json(text: str) -> Any:
    """The value of a text: no NaN, no Infinity, no nesting beyond what can be read.

    Raises JSONDecodeError; InvalidError for half of a character, which neither the table nor an answer can have.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError) as error:
        # Nested too deeply, or a number of too many digits.
        raise json.JSONDecodeError("cannot be read", "", 0) from error
    if "\\ud" in text or "\\uD" in text:
        _refuse_halves(value)
    return value


def _refuse_halves(value: Any) -> None:
    """JSON may name half of a character by its number, in a text or in the name of a field, at any depth."""
    left: list[tuple[Any, str]] = [(value, "")]
    while left:
        found, field = left.pop()
        if isinstance(found, dict):
            left += [(each, f"{field}.{name}".strip(".")) for name, each in found.items()]
            left += [(name, "") for name in found]
        elif isinstance(found, list):
            left += [(each, f"{field}.{place}".strip(".")) for place, each in enumerate(found)]
        elif isinstance(found, str) and _HALF.search(found):
            what = "must be a text of whole characters"
            where = field if _FIELD.fullmatch(field) else "body"
            raise InvalidError(f"{where}: {what}", fields={where: what})


def _refuse_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is not JSON", "", 0)
