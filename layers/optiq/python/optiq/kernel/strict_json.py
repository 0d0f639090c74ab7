"""JSON as RFC 8259 has it."""

import json
from typing import Any, NoReturn


def read_json(text: str) -> Any:
    """The value of a text: no NaN, no Infinity, no nesting beyond what can be read. Raises JSONDecodeError."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError) as error:
        # Nested too deeply, or a number of too many digits.
        raise json.JSONDecodeError("cannot be read", "", 0) from error


def _refuse_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is not JSON", "", 0)
